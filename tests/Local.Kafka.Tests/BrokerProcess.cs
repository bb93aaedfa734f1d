using System.Diagnostics;

namespace Local.Kafka.Tests;

/// <summary>The broker as a process of its own, so that its memory and its crash are its own. The benchmarks use it too.</summary>
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

    public static async Task<BrokerProcess> StartAsync(string directory, int port = 0, params string[] more)
    {
        var started = Process.Start(new ProcessStartInfo("dotnet",
            [typeof(KafkaServer).Assembly.Location, "--port", port.ToString(), "--data-dir", directory, "--advertised-host", "127.0.0.1", .. more])
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

    /// <summary>What the kernel says of the process: VmRSS now, VmHWM at most.</summary>
    public double ResidentMegabytes(string field)
    {
        var line = File.ReadLines($"/proc/{process.Id}/status").Single(line => line.StartsWith(field + ":", StringComparison.Ordinal));
        return double.Parse(line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)[1]) / 1024;
    }

    public async Task KillAsync()
    {
        process.Kill();
        await process.WaitForExitAsync();
    }

    /// <summary>Asks it to end, as a service manager would.</summary>
    public async Task StopAsync()
    {
        using var kill = Process.Start("kill", ["-TERM", process.Id.ToString()]);
        await process.WaitForExitAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (!process.HasExited) await KillAsync();
        process.Dispose();
    }
}
