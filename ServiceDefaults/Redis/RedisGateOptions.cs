namespace ServiceDefaults.Redis;

/// <summary>Configuration section <c>Redis</c>.</summary>
public sealed class RedisGateOptions
{
    public const string Section = "Redis";

    /// <summary>How long a call may take.</summary>
    public TimeSpan Timeout { get; set; } = TimeSpan.FromMilliseconds(500);

    /// <summary>Failures in a row after which calls fail at once.</summary>
    public int FailuresToClose { get; set; } = 5;

    /// <summary>How long calls then fail at once, until one is let through to try.</summary>
    public TimeSpan ClosedFor { get; set; } = TimeSpan.FromSeconds(1);
}
