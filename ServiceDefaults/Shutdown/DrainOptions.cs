namespace ServiceDefaults.Shutdown;

/// <summary>Configuration section <c>Shutdown</c>.</summary>
public sealed class DrainOptions
{
    public const string Section = "Shutdown";

    /// <summary>How long a stopping service, no longer ready, goes on serving, so that those who route to it notice. Default: 5 s, in Development 0.</summary>
    public TimeSpan? DrainTime { get; set; }

    /// <summary>How long requests in flight and background work may then take to finish.</summary>
    public TimeSpan FinishTime { get; set; } = TimeSpan.FromSeconds(25);
}
