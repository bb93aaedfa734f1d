namespace Local.Servers;

/// <summary>Settings for short transactions on a small machine; what is not here is PostgreSQL's default (fsync and synchronous_commit stay on).</summary>
internal static class PostgresSettings
{
    internal static IEnumerable<string> Arguments { get; } =
        Settings().SelectMany(s => new[] { "-c", $"{s.Key}={s.Value}" }).ToArray();

    private static Dictionary<string, string> Settings() => new(StringComparer.Ordinal)
    {
        ["listen_addresses"] = "localhost",
        ["unix_socket_directories"] = "",
        ["max_connections"] = "120",
        ["superuser_reserved_connections"] = "3",
        ["shared_buffers"] = "256MB",
        ["effective_cache_size"] = "1GB",
        ["work_mem"] = "8MB",
        ["maintenance_work_mem"] = "128MB",
        // Checkpoints by time, not by volume, and spread out: a full-page-image storm is what a small disk feels.
        ["max_wal_size"] = "2GB",
        ["min_wal_size"] = "256MB",
        ["checkpoint_timeout"] = "15min",
        ["wal_compression"] = "on",
        ["wal_buffers"] = "16MB",
        // Our statements take microseconds; compiling them takes milliseconds.
        ["jit"] = "off",
        ["max_parallel_workers_per_gather"] = "0",
        ["random_page_cost"] = "1.1",
        // Outbox and hold rows die young: vacuum them often and in small bites.
        ["autovacuum_naptime"] = "20s",
        ["autovacuum_vacuum_scale_factor"] = "0.05",
        // Statistics of tables that only grow are soon good enough; gathered every 20 seconds they were a tenth of the server's work.
        ["autovacuum_analyze_threshold"] = "5000",
        ["autovacuum_analyze_scale_factor"] = "0.2",
        ["default_statistics_target"] = "30",
        // A client that died inside a transaction must not hold its locks for ever.
        ["idle_in_transaction_session_timeout"] = "60s",
        ["log_checkpoints"] = "off",
        ["log_timezone"] = "UTC",
        ["timezone"] = "UTC",
    };
}
