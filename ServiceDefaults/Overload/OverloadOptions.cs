namespace ServiceDefaults.Overload;

/// <summary>Configuration section <c>Overload</c>: what one replica takes at once.</summary>
public sealed class OverloadOptions
{
    public const string Section = "Overload";

    /// <summary>Requests served at once; more wait.</summary>
    public int MaxConcurrentRequests { get; set; } = 1024;

    /// <summary>Requests that wait; more are told to come back.</summary>
    public int MaxQueued { get; set; } = 2048;

    /// <summary>What one user may ask of one replica, on endpoints with <c>LimitPerUser()</c>.</summary>
    public int UserRequestsPerSecond { get; set; } = 500;

    /// <summary>What one user may ask at once after a while of silence.</summary>
    public int UserBurst { get; set; } = 1000;

    /// <summary>Bytes of a request body.</summary>
    public long MaxRequestBodySize { get; set; } = 64 * 1024;
}
