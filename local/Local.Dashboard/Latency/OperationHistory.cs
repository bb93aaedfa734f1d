using Local.Dashboard.Metrics;

namespace Local.Dashboard.Latency;

/// <summary>How often one operation ran, failed and how long it took: ten-second slots of the last minutes, minutes of the last six hours.</summary>
internal sealed class OperationHistory
{
    // Four buckets for each doubling, from a tenth of a millisecond to half a minute: a percentile is right within a fifth.
    private const int PerDoubling = 4;
    private const int Doublings = 18;
    private const double Smallest = 0.0001;

    private readonly Ring _fine = new(TimeSpan.FromSeconds(10), 96);
    private readonly Ring _coarse = new(TimeSpan.FromMinutes(1), 362);

    /// <summary>Upper ends in seconds.</summary>
    internal static double[] Bounds { get; } = [.. Enumerable.Range(0, PerDoubling * Doublings).Select(i => Smallest * Math.Pow(2, (double)i / PerDoubling))];

    internal void Add(long end, long duration, bool failed)
    {
        var bucket = BucketOf((double)duration / TimeSpan.TicksPerSecond);
        _fine.Add(end, bucket, failed);
        _coarse.Add(end, bucket, failed);
    }

    /// <summary>What lies in a stretch of time, as one.</summary>
    internal OperationStats Between(long from, long to, bool fine)
    {
        var counts = new double[Bounds.Length + 1];
        var failures = (fine ? _fine : _coarse).Sum(from, to, counts);
        return new OperationStats(counts.Sum(), failures, counts);
    }

    private static int BucketOf(double seconds)
    {
        if (seconds <= Smallest)
            return 0;
        return Math.Min(Bounds.Length, (int)Math.Ceiling(Math.Log2(seconds / Smallest) * PerDoubling - 1e-9));
    }

    private sealed class Ring(TimeSpan slot, int slots)
    {
        private readonly Slot?[] _slots = new Slot?[slots];

        internal void Add(long at, int bucket, bool failed)
        {
            var number = at / slot.Ticks;
            ref var entry = ref _slots[number % slots];
            if (entry is null || entry.Number < number)
                entry = new Slot(number);
            else if (entry.Number > number)
                return; // Older than all that is kept.
            entry.Counts[bucket]++;
            if (failed)
                entry.Failures++;
        }

        internal double Sum(long from, long to, double[] counts)
        {
            double failures = 0;
            for (var number = from / slot.Ticks; number < to / slot.Ticks; number++)
            {
                if (_slots[number % slots] is not { } entry || entry.Number != number)
                    continue;
                failures += entry.Failures;
                for (var i = 0; i < counts.Length; i++)
                    counts[i] += entry.Counts[i];
            }
            return failures;
        }
    }

    private sealed class Slot(long number)
    {
        internal long Number { get; } = number;

        internal uint[] Counts { get; } = new uint[Bounds.Length + 1];

        internal uint Failures { get; set; }
    }
}

/// <summary>One operation in one stretch of time.</summary>
public sealed record OperationStats(double Count, double Failures, double[] Counts)
{
    internal double FailureRatio => Count == 0 ? 0 : Failures / Count;

    /// <summary>Seconds; NaN when it did not run.</summary>
    internal double P(double fraction) => Percentile.Of(fraction, Counts, OperationHistory.Bounds);
}
