using System.Numerics;

namespace NBomber.Engine;

/// <summary>
/// Counts whole numbers from 0 to about 10^9 to three significant digits in fixed memory (the layout of HdrHistogram):
/// each power of two above 2,048 is cut into 1,024 equal steps. Any number of threads may record at once.
/// </summary>
internal sealed class Histogram
{
    private const int SubBucketBits = 11;
    private const int Half = 1 << (SubBucketBits - 1);
    private const int HighestBit = 30;
    private const long Highest = (1L << HighestBit) - 1;

    private readonly long[] counts = new long[(HighestBit - SubBucketBits + 2) * Half];
    private long min = long.MaxValue;
    private long max;

    public void Record(long value)
    {
        value = Math.Clamp(value, 0, Highest);
        Interlocked.Increment(ref counts[IndexOf(value)]);
        for (var seen = Volatile.Read(ref max); value > seen; seen = Volatile.Read(ref max))
            Interlocked.CompareExchange(ref max, value, seen);
        for (var seen = Volatile.Read(ref min); value < seen; seen = Volatile.Read(ref min))
            Interlocked.CompareExchange(ref min, value, seen);
    }

    public void Add(Histogram other)
    {
        for (var i = 0; i < counts.Length; i++)
        {
            if (other.counts[i] > 0) Interlocked.Add(ref counts[i], other.counts[i]);
        }
        max = Math.Max(max, other.max);
        min = Math.Min(min, other.min);
    }

    public Summary Summarise()
    {
        var snapshot = new long[counts.Length];
        long total = 0;
        double sum = 0, squares = 0;
        for (var i = 0; i < counts.Length; i++)
        {
            var count = Volatile.Read(ref counts[i]);
            if (count == 0) continue;
            snapshot[i] = count;
            total += count;
            var middle = MiddleOf(i);
            sum += middle * count;
            squares += middle * middle * count;
        }
        if (total == 0) return Summary.Empty;
        var mean = sum / total;
        var deviation = Math.Sqrt(Math.Max(0, squares / total - mean * mean));
        return new Summary(total, Volatile.Read(ref min), Volatile.Read(ref max), mean, deviation, snapshot);
    }

    private static int IndexOf(long value)
    {
        var bucket = Math.Max(0, BitOperations.Log2((ulong)value | 1) - (SubBucketBits - 1));
        return bucket * Half + (int)(value >> bucket);
    }

    private static long LowestOf(int index)
    {
        var bucket = Math.Max(0, index / Half - 1);
        return (long)(index - bucket * Half) << bucket;
    }

    private static double MiddleOf(int index) => (LowestOf(index) + LowestOf(index + 1) - 1) / 2.0;

    /// <summary>What a histogram held at one moment.</summary>
    internal sealed record Summary(long Count, long Min, long Max, double Mean, double StdDev, long[] Counts)
    {
        public static readonly Summary Empty = new(0, 0, 0, 0, 0, []);

        /// <summary>The value that this share of all recorded values does not exceed.</summary>
        public long Percentile(double percent)
        {
            var wanted = Math.Max(1, (long)Math.Ceiling(percent / 100 * Count));
            long seen = 0;
            for (var i = 0; i < Counts.Length; i++)
            {
                seen += Counts[i];
                if (seen >= wanted && Counts[i] > 0) return Math.Min(LowestOf(i + 1) - 1, Max);
            }
            return Max;
        }

        public long CountBetween(long from, long to)
        {
            long seen = 0;
            for (var i = 0; i < Counts.Length; i++)
            {
                if (Counts[i] > 0 && LowestOf(i) >= from && LowestOf(i) < to) seen += Counts[i];
            }
            return seen;
        }
    }
}
