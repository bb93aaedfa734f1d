namespace Aspire.StackExchange.Redis;

/// <summary>Settings of a Redis connection.</summary>
public sealed class StackExchangeRedisSettings
{
    /// <summary>The comma-delimited configuration string; <c>ConnectionStrings:&lt;name&gt;</c> overrides it.</summary>
    public string? ConnectionString { get; set; }

    public bool DisableHealthChecks { get; set; }

    public bool DisableTracing { get; set; }

    /// <summary>Whether the connection is left closed until somebody first asks for it.</summary>
    public bool DisableAutoActivation { get; set; }
}
