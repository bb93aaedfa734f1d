using System.Collections.Concurrent;
using NBomber.Contracts;
using NBomber.Contracts.Stats;

namespace NBomber.Engine;

/// <summary>Collects either the successes or the failures of one step.</summary>
internal sealed class Measurement(bool isError)
{
    private readonly Histogram latencyMicros = new();
    private readonly Histogram sizeBytes = new();
    private readonly ConcurrentDictionary<string, StatusCode> statusCodes = new(StringComparer.Ordinal);
    private Histogram second = new();
    private long allBytes;

    public void Record(IResponse response, TimeSpan latency)
    {
        var micros = (long)latency.TotalMicroseconds;
        latencyMicros.Record(micros);
        Volatile.Read(ref second).Record(micros);
        if (response.SizeBytes > 0)
        {
            sizeBytes.Record(response.SizeBytes);
            Interlocked.Add(ref allBytes, response.SizeBytes);
        }
        if (response.StatusCode.Length == 0 && response.Message.Length == 0) return;
        var code = statusCodes.GetOrAdd(response.StatusCode, static (_, message) => new StatusCode(message), response.Message);
        Interlocked.Increment(ref code.Count);
    }

    public void Add(Measurement other)
    {
        latencyMicros.Add(other.latencyMicros);
        sizeBytes.Add(other.sizeBytes);
        allBytes += other.allBytes;
        foreach (var (name, code) in other.statusCodes)
            statusCodes.GetOrAdd(name, static (_, message) => new StatusCode(message), code.Message).Count += code.Count;
    }

    /// <summary>What was recorded since the last call. A record that races with the call may miss the second it belongs to, never the total.</summary>
    public Histogram.Summary TakeSecond() => Interlocked.Exchange(ref second, new Histogram()).Summarise();

    public int Count => (int)latencyMicros.Summarise().Count;

    public MeasurementStats ToStats(int allCount, TimeSpan duration)
    {
        var latency = latencyMicros.Summarise();
        var size = sizeBytes.Summarise();
        return new MeasurementStats(
            new RequestStats((int)latency.Count, PerSecond(latency.Count, duration), Percent(latency.Count, allCount)),
            LatencyOf(latency),
            new DataTransferStats(size.Min, (long)size.Mean, size.Max, size.Percentile(50), size.Percentile(75), size.Percentile(95), size.Percentile(99), size.StdDev, Interlocked.Read(ref allBytes)),
            [.. statusCodes.OrderByDescending(c => c.Value.Count).Select(c => new StatusCodeStats(c.Key, isError, c.Value.Message, (int)c.Value.Count, Percent(c.Value.Count, allCount)))]);
    }

    private static LatencyStats LatencyOf(Histogram.Summary micros) => new(
        Ms(micros.Min), Ms(micros.Mean), Ms(micros.Max), Ms(micros.Percentile(50)), Ms(micros.Percentile(75)), Ms(micros.Percentile(95)), Ms(micros.Percentile(99)),
        Ms(micros.StdDev), new LatencyCount((int)micros.CountBetween(0, 800_001), (int)micros.CountBetween(800_001, 1_200_000), (int)micros.CountBetween(1_200_000, long.MaxValue)))
    {
        Percent90 = Ms(micros.Percentile(90)),
    };

    private static double Ms(double micros) => Math.Round(micros / 1000, 3);

    private static double PerSecond(long count, TimeSpan duration) => duration > TimeSpan.Zero ? Math.Round(count / duration.TotalSeconds, 2) : 0;

    private static int Percent(long count, int all) => all == 0 ? 0 : (int)Math.Round(100.0 * count / all);

    private sealed class StatusCode(string message)
    {
        public long Count;
        public string Message => message;
    }
}
