using System.Collections.ObjectModel;
using Local.Processes;

namespace Local.Engine;

/// <summary>What a resource is made of: how to start it, how to ask whether it is well, how to end it.</summary>
internal interface IWorkload
{
    /// <summary>Null: nothing to watch, the probe does the work (a database).</summary>
    Task<ChildProcess?> LaunchAsync(CancellationToken cancellationToken);

    /// <summary>Throws when it is not well.</summary>
    Task ProbeAsync(CancellationToken cancellationToken);

    /// <summary>What it was last started with.</summary>
    IReadOnlyDictionary<string, string?> Environment => ReadOnlyDictionary<string, string?>.Empty;

    /// <summary>Where this one process answers, past any proxy.</summary>
    IReadOnlyList<string> Urls => [];

    Signal StopSignal => Signal.Terminate;

    /// <summary>A service or a server, which has to be there; false: a job, which ends.</summary>
    bool RunsForever => true;
}
