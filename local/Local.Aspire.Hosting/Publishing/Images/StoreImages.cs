using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;

namespace Local.Publishing.Images;

/// <summary>The stores' images. PostgreSQL's and Redis's are those that Aspire takes; Kafka's is Apache's own.</summary>
internal static class StoreImages
{
    internal static ContainerImage Of(ContainerResource store, ResourceSettings settings) => store switch
    {
        PostgresServerResource postgres => Postgres(postgres, settings),
        RedisResource redis => Redis(redis, settings),
        KafkaServerResource kafka => Kafka(kafka, settings),
        _ => throw new DistributedApplicationException($"Resource '{store.Name}' is a container that publish has no image for."),
    };

    private static ContainerImage Postgres(PostgresServerResource postgres, ResourceSettings settings) => new("docker.io/library/postgres:18.3")
    {
        User = 999,
        ScratchFolders = ["/tmp", "/var/run/postgresql"],
        InitFolder = "/docker-entrypoint-initdb.d",
        Arguments =
        [
            "postgres", "-c", $"max_connections={settings.MaxConnections}",
            // A quarter of the memory, as PostgreSQL's documentation advises.
            "-c", $"shared_buffers={settings.MemoryMiB / 4}MB",
            "-c", "wal_compression=on",
        ],
        Environment = new Dictionary<string, object>(StringComparer.Ordinal)
        {
            ["POSTGRES_HOST_AUTH_METHOD"] = "scram-sha-256",
            ["POSTGRES_INITDB_ARGS"] = "--auth-host=scram-sha-256 --auth-local=scram-sha-256",
            ["POSTGRES_USER"] = postgres.UserName,
            ["POSTGRES_PASSWORD"] = postgres.PasswordParameter,
        },
        // Over TCP: while the image fills an empty database, its server listens on a socket alone.
        HealthCommand = "pg_isready --host 127.0.0.1 --username \"$POSTGRES_USER\"",
        Exporter = new("docker.io/prometheuscommunity/postgres-exporter:v0.18.1", 9187)
        {
            Environment = new Dictionary<string, object>(StringComparer.Ordinal)
            {
                ["DATA_SOURCE_URI"] = ReferenceExpression.Create($"{postgres.PrimaryEndpoint.Property(EndpointProperty.HostAndPort)}/postgres?sslmode=disable"),
                ["DATA_SOURCE_USER"] = postgres.UserName,
                ["DATA_SOURCE_PASS"] = postgres.PasswordParameter,
            },
        },
    };

    private static ContainerImage Redis(RedisResource redis, ResourceSettings settings) => new("docker.io/library/redis:8.6")
    {
        User = 999,
        ScratchFolders = ["/tmp"],
        Entrypoint = ["/bin/sh"],
        // Nothing is ever evicted: a line that loses members is worse than a write that is refused.
        Arguments = ["-c", $"exec redis-server --requirepass \"$REDIS_PASSWORD\" --appendonly yes --appendfsync everysec --maxmemory {settings.MemoryMiB * 6 / 10}mb --maxmemory-policy noeviction"],
        Environment = new Dictionary<string, object>(StringComparer.Ordinal)
        {
            ["REDIS_PASSWORD"] = redis.PasswordParameter,
            ["REDISCLI_AUTH"] = redis.PasswordParameter,
        },
        HealthCommand = "redis-cli ping | grep -q PONG",
        // Alpine's variant: the other one holds nothing that could ask for its health.
        Exporter = new("docker.io/oliver006/redis_exporter:v1.80.1-alpine", 9121)
        {
            Environment = new Dictionary<string, object>(StringComparer.Ordinal)
            {
                ["REDIS_ADDR"] = redis.PrimaryEndpoint,
                ["REDIS_PASSWORD"] = redis.PasswordParameter,
            },
        },
    };

    // One broker that is its own controller (KRaft).
    private static ContainerImage Kafka(KafkaServerResource kafka, ResourceSettings settings) => new("docker.io/apache/kafka:4.1.1")
    {
        User = 1000,
        Environment = new Dictionary<string, object>(StringComparer.Ordinal)
        {
            ["KAFKA_NODE_ID"] = "1",
            ["KAFKA_PROCESS_ROLES"] = "broker,controller",
            ["KAFKA_CONTROLLER_QUORUM_VOTERS"] = "1@localhost:9093",
            ["KAFKA_CONTROLLER_LISTENER_NAMES"] = "CONTROLLER",
            ["KAFKA_LISTENERS"] = "PLAINTEXT://:9092,CONTROLLER://localhost:9093",
            ["KAFKA_ADVERTISED_LISTENERS"] = ReferenceExpression.Create(
                $"PLAINTEXT://{kafka.PrimaryEndpoint.Property(EndpointProperty.Host)}:{kafka.PrimaryEndpoint.Property(EndpointProperty.Port)}"),
            ["KAFKA_LISTENER_SECURITY_PROTOCOL_MAP"] = "CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT",
            ["KAFKA_OFFSETS_TOPIC_REPLICATION_FACTOR"] = "1",
            ["KAFKA_TRANSACTION_STATE_LOG_REPLICATION_FACTOR"] = "1",
            ["KAFKA_TRANSACTION_STATE_LOG_MIN_ISR"] = "1",
            ["KAFKA_GROUP_INITIAL_REBALANCE_DELAY_MS"] = "0",
            // The services make their topics, with the partitions that they want.
            ["KAFKA_AUTO_CREATE_TOPICS_ENABLE"] = "false",
            // Below the volume's root: there a file system keeps its lost+found, which Kafka takes for a topic and stops.
            ["KAFKA_LOG_DIRS"] = "/var/lib/kafka/data/log",
            ["KAFKA_HEAP_OPTS"] = $"-Xms{settings.MemoryMiB * 4 / 10}m -Xmx{settings.MemoryMiB * 4 / 10}m",
        },
        HealthCommand = "nc -z localhost 9092",
        Exporter = new("docker.io/danielqsj/kafka-exporter:v1.9.0", 9308)
        {
            Arguments = [ReferenceExpression.Create($"--kafka.server={kafka.PrimaryEndpoint.Property(EndpointProperty.HostAndPort)}")],
        },
    };
}
