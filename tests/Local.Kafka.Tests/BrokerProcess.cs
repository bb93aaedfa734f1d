using System.Diagnostics;

namespace Local.Kafka.Tests;

/// <summary>The broker as a process of its own, to be killed.</summary>
internal sealed class BrokerProcess : IAsyncDisposable
{
    private const string Announcement = "Kafka is listening on ";
    private readonly Process process;

    private BrokerProcess(Process process, string servers)
    {
        this.process = process;
        Servers = servers;
    }

    public string Servers { get; }

    public int Port => int.Parse(Servers.Split(':')[1]);

    public static async Task<BrokerProcess> StartAsync(string directory, int port = 0)
    {
        var started = Process.Start(new ProcessStartInfo("dotnet",
            [typeof(KafkaServer).Assembly.Location, "--port", port.ToString(), "--data-dir", directory, "--advertised-host", "127.0.0.1"])
        {
            RedirectStandardOutput = true,
            UseShellExecute = false,
        })!;
        while (await started.StandardOutput.ReadLineAsync() is { } line)
        {
            if (!line.StartsWith(Announcement, StringComparison.Ordinal)) continue;
            _ = started.StandardOutput.ReadToEndAsync(); // or it would block on a full pipe
            return new BrokerProcess(started, line[Announcement.Length..]);
        }
        throw new InvalidOperationException("The broker ended before it listened.");
    }

    public async Task KillAsync()
    {
        process.Kill();
        await process.WaitForExitAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (!process.HasExited) await KillAsync();
        process.Dispose();
    }
}
