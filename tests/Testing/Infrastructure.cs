using Local.Processes;
using Local.Servers;
using Xunit;

namespace Testing;

/// <summary>
/// The stores of one test assembly: real ones, each started when first asked for, on free ports, in a temporary folder.
/// They are children of the test process and die with it.
/// </summary>
public sealed class Infrastructure : IAsyncLifetime
{
    private readonly string _folder = Directory.CreateTempSubdirectory("concert-tests-").FullName;
    private readonly Lazy<Task<PostgresServer>> _postgres;
    private readonly Lazy<Task<RedisServer>> _redis;
    private readonly Lazy<Task<KafkaBroker>> _kafka;
    private readonly List<LocalServer> _started = [];
    private int _servers;

    public Infrastructure()
    {
        _postgres = new(() => CreatePostgresAsync());
        _redis = new(() => CreateRedisAsync());
        _kafka = new(() => CreateKafkaAsync());
    }

    /// <summary>The shared PostgreSQL server: give each test class its own database.</summary>
    public Task<PostgresServer> PostgresAsync() => _postgres.Value;

    /// <summary>The shared Redis server: keep to keys of your own.</summary>
    public Task<RedisServer> RedisAsync() => _redis.Value;

    /// <summary>The shared broker: keep to topics and groups of your own.</summary>
    public Task<KafkaBroker> KafkaAsync() => _kafka.Value;

    /// <summary>A PostgreSQL server for one test, which may stop, freeze and kill it.</summary>
    public Task<PostgresServer> CreatePostgresAsync() =>
        StartAsync((folder, log) => new PostgresServer("postgres", folder, FreePort.Next(), "postgres", "test", log));

    /// <summary>A Redis server for one test, which may stop, freeze and kill it.</summary>
    public Task<RedisServer> CreateRedisAsync() =>
        StartAsync((folder, log) => new RedisServer("redis", folder, FreePort.Next(), "test", log));

    /// <summary>A broker for one test, which may stop, freeze and kill it.</summary>
    public Task<KafkaBroker> CreateKafkaAsync(bool createsTopics = true) =>
        StartAsync((folder, log) => new KafkaBroker("kafka", folder, FreePort.Next(), log, createsTopics));

    public async ValueTask InitializeAsync() => await Machine.NeedsStoresAsync();

    public async ValueTask DisposeAsync()
    {
        // Nobody will read this data again: no need for a clean end.
        foreach (var server in _started)
        {
            await server.KillAsync();
            await server.DisposeAsync();
        }
        Directory.Delete(_folder, recursive: true);
    }

    private async Task<T> StartAsync<T>(Func<string, ProcessLog, T> create) where T : LocalServer
    {
        var number = Interlocked.Increment(ref _servers);
        var server = create(Path.Combine(_folder, $"server-{number}"), new ProcessLog());
        lock (_started)
            _started.Add(server);
        await server.StartAsync();
        return server;
    }
}
