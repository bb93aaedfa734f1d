namespace LoadTests.Measuring;

/// <summary>Counts latencies in steps of five per cent, from 10 µs to about ten minutes: enough for a timeline, small enough for one a second and step.</summary>
internal sealed class CoarseHistogram
{
    private const double Lowest = 10;
    private const int Buckets = 368;
    private static readonly double Growth = Math.Log(1.05);

    private readonly int[] counts = new int[Buckets];

    public void Record(TimeSpan latency) => Interlocked.Increment(ref counts[IndexOf(latency.TotalMicroseconds)]);

    public long Count => counts.Sum(c => (long)c);

    public void Add(CoarseHistogram other)
    {
        for (var i = 0; i < Buckets; i++) counts[i] += other.counts[i];
    }

    public double PercentileMs(double percent)
    {
        var wanted = Math.Max(1, (long)Math.Ceiling(percent / 100 * Count));
        long seen = 0;
        for (var i = 0; i < Buckets; i++)
        {
            seen += counts[i];
            if (seen >= wanted) return Lowest * Math.Exp(Growth * i) / 1_000;
        }
        return 0;
    }

    private static int IndexOf(double micros) => micros <= Lowest ? 0 : Math.Min(Buckets - 1, (int)Math.Ceiling(Math.Log(micros / Lowest) / Growth));
}
