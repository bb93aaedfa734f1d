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
    public string Path { get; } = Directory.CreateTempSubdirectory("local-kafka-").FullName;

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
