using System.Diagnostics;
using System.Globalization;

namespace Local.Kafka.Benchmarks;

/// <summary>The broker as a process of its own, so that its memory and its crash are its own.</summary>
internal sealed class BrokerProcess : IDisposable
{
    private readonly Process process;

    private BrokerProcess(Process process, string bootstrapServers, TimeSpan startTime)
    {
        this.process = process;
        BootstrapServers = bootstrapServers;
        StartTime = startTime;
    }

    public string BootstrapServers { get; }

    public TimeSpan StartTime { get; }

    public static async Task<BrokerProcess> StartAsync(string dataDirectory)
    {
        var watch = Stopwatch.StartNew();
        var started = Process.Start(new ProcessStartInfo("dotnet", [typeof(KafkaServer).Assembly.Location, "--port", "0", "--data-dir", dataDirectory, "--retention-bytes", "-1"])
        {
            RedirectStandardOutput = true,
            UseShellExecute = false,
        })!;
        while (await started.StandardOutput.ReadLineAsync() is { } line)
        {
            const string Announcement = "Kafka is listening on ";
            if (!line.StartsWith(Announcement, StringComparison.Ordinal)) continue;
            _ = started.StandardOutput.ReadToEndAsync(); // or it would block on a full pipe
            return new BrokerProcess(started, line[Announcement.Length..], watch.Elapsed);
        }
        throw new InvalidOperationException("The broker ended before it listened.");
    }

    public double ResidentMegabytes(string field)
    {
        var line = File.ReadLines($"/proc/{process.Id}/status").Single(line => line.StartsWith(field + ":", StringComparison.Ordinal));
        return double.Parse(line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) / 1024;
    }

    public async Task KillAsync()
    {
        process.Kill();
        await process.WaitForExitAsync();
    }

    public async Task StopAsync()
    {
        using var kill = Process.Start("kill", ["-TERM", process.Id.ToString(CultureInfo.InvariantCulture)]);
        await process.WaitForExitAsync();
    }

    public void Dispose()
    {
        if (!process.HasExited) process.Kill();
        process.Dispose();
    }
}
