namespace ServiceDefaults.Database;

/// <summary>Configuration section <c>Database</c>.</summary>
public sealed class DatabaseOptions
{
    public const string Section = "Database";

    /// <summary>Connections of one replica. All replicas together must stay below PostgreSQL's max_connections.</summary>
    public int MaxPoolSize { get; set; } = 20;

    /// <summary>How long a start waits for a database that is away.</summary>
    public TimeSpan StartTimeout { get; set; } = TimeSpan.FromMinutes(2);
}
