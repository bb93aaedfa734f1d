namespace Local.Kafka.Tests;

/// <summary>A broker in this process on a free port, with its data in a folder that goes with it.</summary>
public sealed class BrokerFixture : IAsyncLifetime
{
    private readonly TemporaryDirectory directory = new();
    private KafkaServer? server;

    public string Servers => server!.BootstrapServers;

    public static KafkaServerOptions Options(string directory) => new()
    {
        DataDirectory = directory,
        Port = 0,
        AdvertisedHost = "127.0.0.1",
        MinSessionTimeout = TimeSpan.FromMilliseconds(100),
    };

    /// <summary>For a test that moves the clock: nothing but what it waits for happens on the way.</summary>
    public static KafkaServerOptions UnhurriedOptions(string directory) => Options(directory) with
    {
        IdleTimeout = TimeSpan.FromDays(1),
        TransferTimeout = TimeSpan.FromDays(1),
        Retention = Timeout.InfiniteTimeSpan,
    };

    public async ValueTask InitializeAsync()
    {
        server = new KafkaServer(Options(directory.Path));
        await server.StartAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await server!.DisposeAsync();
        directory.Dispose();
    }
}

internal sealed class TemporaryDirectory : IDisposable
{
    private const string Memory = "/dev/shm";

    private TemporaryDirectory(string path) => Path = path;

    public TemporaryDirectory() : this(Directory.CreateTempSubdirectory("local-kafka-").FullName)
    {
    }

    public string Path { get; }

    /// <summary>Where the system has a folder that never reaches a disk, there: thousands of small files cost little.</summary>
    public static TemporaryDirectory InMemory() =>
        Directory.Exists(Memory) ? new(Directory.CreateDirectory(System.IO.Path.Combine(Memory, $"local-kafka-{Guid.CreateVersion7()}")).FullName) : new();

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
