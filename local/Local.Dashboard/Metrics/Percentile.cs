namespace Local.Dashboard.Metrics;

/// <summary>Percentiles out of counts in buckets, as Prometheus' histogram_quantile reckons them: evenly spread within a bucket.</summary>
internal static class Percentile
{
    /// <param name="fraction">0.99 for p99.</param>
    /// <param name="counts">One more than bounds: the last bucket has no upper end.</param>
    /// <param name="bounds">The upper ends, growing.</param>
    /// <returns>NaN when nothing was counted; the highest bound when it lies above that.</returns>
    internal static double Of(double fraction, ReadOnlySpan<double> counts, ReadOnlySpan<double> bounds)
    {
        double total = 0;
        foreach (var count in counts)
            total += count;
        if (total <= 0 || bounds.IsEmpty)
            return double.NaN;
        var rank = fraction * total;
        double below = 0;
        for (var i = 0; i < bounds.Length; i++)
        {
            if (counts[i] > 0 && below + counts[i] >= rank)
            {
                var lower = i == 0 ? Math.Min(0, bounds[0]) : bounds[i - 1];
                return lower + (bounds[i] - lower) * Math.Max(0, rank - below) / counts[i];
            }
            below += counts[i];
        }
        return bounds[^1];
    }
}
