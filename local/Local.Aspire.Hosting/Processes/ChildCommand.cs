using System.Diagnostics;

namespace Local.Processes;

/// <summary>What to run, and as whom.</summary>
public sealed record ChildCommand(string FileName, params IEnumerable<string> Arguments)
{
    public string? WorkingDirectory { get; init; }

    /// <summary>Added to the environment of this process; null removes a variable.</summary>
    public IReadOnlyDictionary<string, string?> Environment { get; init; } = new Dictionary<string, string?>(StringComparer.Ordinal);

    /// <summary>Give up root for this account, where we are root.</summary>
    public string? RunAs { get; init; }

    /// <summary>What the kernel sends the child when this process dies, however it dies.</summary>
    public Signal DeathSignal { get; init; } = Signal.Kill;

    /// <summary>
    /// In the session of this process instead of one of its own. Linux divides the processor among sessions: programs that share one
    /// count as one, so that those with a session each, PostgreSQL's backends above all, do not stand behind the threads that wait for them.
    /// </summary>
    public bool SharesSession { get; init; }

    /// <summary>
    /// setsid, or else ignored signals, keep a terminal's Ctrl-C away from the child (this process stops it in order); setpriv ties
    /// its life to ours. All of them exec, so the process id is the program's own.
    /// </summary>
    internal ProcessStartInfo ToStartInfo()
    {
        var start = new ProcessStartInfo(SharesSession ? "env" : "setsid")
        {
            UseShellExecute = false,
            WorkingDirectory = WorkingDirectory ?? "",
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        if (SharesSession)
            start.ArgumentList.Add("--ignore-signal=HUP,INT,QUIT");
        start.ArgumentList.Add("setpriv");
        foreach (var option in RunAs is { } account && LibC.IsRoot ? Unprivileged(account) : [])
            start.ArgumentList.Add(option);
        start.ArgumentList.Add(DeathSignal is Signal.Quit ? "--pdeathsig=QUIT" : "--pdeathsig=KILL");
        start.ArgumentList.Add("--");
        start.ArgumentList.Add(FileName);
        foreach (var argument in Arguments)
            start.ArgumentList.Add(argument);
        foreach (var (name, value) in Environment)
            start.Environment[name] = value;
        return start;
    }

    /// <summary>
    /// A checkout often lies below a home that only root may enter (/root), so the account keeps the right to pass through
    /// directories: to read past permissions where we have that right to give, else (in a container) to override them.
    /// </summary>
    private static IEnumerable<string> Unprivileged(string account)
    {
        var right = Capabilities.Has(Capabilities.DacReadSearch) ? "+dac_read_search" : "+dac_override";
        return
        [
            "--reuid=" + account, "--regid=" + account, "--init-groups",
            "--inh-caps=" + right, "--ambient-caps=" + right,
        ];
    }
}
