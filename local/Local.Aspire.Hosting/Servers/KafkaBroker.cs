using System.Buffers.Binary;
using System.Net.Sockets;
using System.Reflection;
using Local.Processes;

namespace Local.Servers;

/// <summary>The embedded broker as a process of its own.</summary>
/// <param name="createsTopics">Whether a topic comes into being by being asked for; brokers in production refuse.</param>
public sealed class KafkaBroker(string name, string dataDirectory, int port, ProcessLog log, bool createsTopics = true)
    : LocalServer(name, dataDirectory, port, log)
{
    private static readonly string Program = typeof(KafkaBroker).Assembly
        .GetCustomAttributes<AssemblyMetadataAttribute>().Single(a => a.Key == "Local.Kafka").Value!;

    // ApiVersions, the first request of every client: size, api key 18, version 0, correlation id, no client id.
    // https://kafka.apache.org/protocol#The_Messages_ApiVersions
    private static readonly byte[] ApiVersionsRequest = [0, 0, 0, 10, 0, 18, 0, 0, 0, 0, 0, 1, 0xff, 0xff];

    public string BootstrapServers => $"localhost:{Port}";

    public override async Task ProbeAsync(CancellationToken cancellationToken)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        deadline.CancelAfter(TimeSpan.FromSeconds(3));
        using var client = new TcpClient();
        await client.ConnectAsync("localhost", Port, deadline.Token);
        await using var stream = client.GetStream();
        await stream.WriteAsync(ApiVersionsRequest, deadline.Token);
        // Size, correlation id, error code.
        var answer = new byte[10];
        await stream.ReadExactlyAsync(answer, deadline.Token);
        if (BinaryPrimitives.ReadInt16BigEndian(answer.AsSpan(8)) is var error && error != 0)
            throw new IOException($"The broker answered error {error}.");
    }

    protected override ChildCommand Command() =>
        new(Programs.DotNet, Program, "--port", $"{Port}", "--data-dir", DataDirectory, "--advertised-host", "localhost", "--auto-create", createsTopics ? "true" : "false")
        {
            Environment = new Dictionary<string, string?>(StringComparer.Ordinal) { ["DOTNET_gcServer"] = "0", ["DOTNET_gcConcurrent"] = "0" },
        };
}
