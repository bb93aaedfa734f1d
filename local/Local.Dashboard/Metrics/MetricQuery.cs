namespace Local.Dashboard.Metrics;

/// <summary>One line of a chart: a value for each step, NaN where nothing is known.</summary>
public sealed record ChartLine(string Label, double[] Values);

/// <summary>What the metrics page shows of one instrument.</summary>
public sealed record MetricView(
    InstrumentInfo Instrument, IReadOnlyList<ChartLine> Lines, string Unit, IReadOnlyList<Exemplar> Exemplars, IReadOnlyDictionary<string, IReadOnlyList<string>> Dimensions, int Hidden);

/// <summary>Reads an instrument as a chart: counters as rates, histograms as percentiles of what came within each step.</summary>
internal sealed record MetricQuery(InstrumentId Id, TimeRange Range, long Now)
{
    private const int MostLines = 8;
    private const string InstanceDimension = "instance";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    /// <summary>Only series whose dimension has one of the values.</summary>
    internal ILookup<string, string> Chosen { get; init; } = Array.Empty<string>().ToLookup(v => v);

    /// <summary>A line for each value of this dimension; null: one line.</summary>
    internal string? SplitBy { get; init; }

    /// <summary>For a histogram: how often, instead of how long.</summary>
    internal bool CountOnly { get; init; }

    internal MetricView? Run(MetricStore store) => store.Read(Id, View);

    private MetricView View(InstrumentInfo instrument, IReadOnlyCollection<Series> all)
    {
        var described = all.Select(s => (Series: s, Dimensions: DimensionsOf(s, instrument))).ToList();
        var dimensions = described.SelectMany(d => d.Dimensions).GroupBy(d => d.Key)
            .Where(g => g.Key != InstanceDimension || g.Select(d => d.Value).Distinct().Skip(1).Any())
            .ToDictionary(g => g.Key, g => (IReadOnlyList<string>)g.Select(d => d.Value).Distinct().Order(StringComparer.Ordinal).ToList());
        var chosen = described.Where(d => Chosen.All(c => c.Contains(d.Dimensions.GetValueOrDefault(c.Key, "")))).ToList();
        var times = Range.Times(Now);

        IReadOnlyList<ChartLine> lines;
        var hidden = 0;
        if (instrument.Kind == InstrumentKind.Histogram && !CountOnly)
        {
            lines = Percentiles(chosen.Select(d => d.Series).ToList(), instrument, times);
        }
        else
        {
            var split = chosen.GroupBy(d => SplitBy is null ? "" : d.Dimensions.GetValueOrDefault(SplitBy, "(none)"))
                .Select(g => new ChartLine(g.Key.Length == 0 ? "total" : g.Key, Sum(g.Select(d => d.Series).ToList(), instrument, times)))
                .OrderByDescending(l => l.Values.Where(double.IsFinite).DefaultIfEmpty(0).Max())
                .ToList();
            hidden = Math.Max(0, split.Count - MostLines);
            lines = split.Take(MostLines).ToList();
        }
        var exemplars = chosen.SelectMany(d => d.Series.Exemplars).Where(e => e.At >= times[0]).OrderBy(e => e.At).ToList();
        return new MetricView(instrument, lines, UnitOf(instrument), exemplars, dimensions, hidden);
    }

    private string UnitOf(InstrumentInfo instrument) =>
        instrument.Kind == InstrumentKind.Counter || CountOnly ? "/s" : instrument.Unit;

    private static Dictionary<string, string> DimensionsOf(Series series, InstrumentInfo instrument)
    {
        var dimensions = new Dictionary<string, string>(StringComparer.Ordinal) { [InstanceDimension] = series.Instance.Length > 0 ? series.Instance : instrument.Id.Resource };
        foreach (var (key, value) in series.Dimensions)
            dimensions[key] = value;
        return dimensions;
    }

    private double[] Sum(IReadOnlyList<Series> series, InstrumentInfo instrument, long[] times)
    {
        var sums = Enumerable.Repeat(double.NaN, times.Length - 1).ToArray();
        foreach (var one in series)
        {
            var tier = one.TierFor(Range.Length);
            for (var i = 0; i < sums.Length; i++)
            {
                var value = instrument.Kind == InstrumentKind.Gauge ? ValueAt(tier, times[i + 1]) : RateOf(one, tier, times[i], times[i + 1], CountOnly && instrument.Kind == InstrumentKind.Histogram);
                if (double.IsFinite(value))
                    sums[i] = double.IsNaN(sums[i]) ? value : sums[i] + value;
            }
        }
        return sums;
    }

    private double ValueAt(SeriesTier tier, long at) =>
        tier.FindAt(at) is { } point && !tier.IsGap(point, at, Wait) ? tier.Value(point) : double.NaN;

    private double RateOf(Series series, SeriesTier tier, long from, long to, bool ofCounts)
    {
        if (tier.FindAt(to) is not { } last || tier.IsGap(last, to, Wait))
            return double.NaN;
        var before = Baseline(series, tier, from) is { } first ? Value(first) : 0;
        var after = Value(last);
        var grown = after >= before ? after - before : after; // It started anew.
        return grown / (to - from) * TimeSpan.TicksPerSecond;

        double Value(int point) => ofCounts ? Total(tier.Counts(point)) : tier.Value(point);
    }

    // The point to count from; null: from nothing, as the series began within the step. What was counted before anybody listened is no growth.
    private static int? Baseline(Series series, SeriesTier tier, long from) =>
        tier.FindAt(from) ?? (series.IsWhole && !tier.HasDropped ? null : 0);

    private List<ChartLine> Percentiles(IReadOnlyList<Series> series, InstrumentInfo instrument, long[] times)
    {
        var lines = new[] { ("p50", 0.5), ("p90", 0.9), ("p99", 0.99) }.Select(p => (Fraction: p.Item2, Line: new ChartLine(p.Item1, new double[times.Length - 1]))).ToList();
        var tiers = series.Select(s => (Series: s, Tier: s.TierFor(Range.Length))).ToList();
        var counts = new double[instrument.Bounds.Length + 1];
        for (var i = 0; i < times.Length - 1; i++)
        {
            Array.Clear(counts);
            foreach (var (one, tier) in tiers)
                AddGrowth(one, tier, times[i], times[i + 1], counts);
            foreach (var (fraction, line) in lines)
                line.Values[i] = Percentile.Of(fraction, counts, instrument.Bounds);
        }
        return lines.Select(l => l.Line).ToList();
    }

    private static void AddGrowth(Series series, SeriesTier tier, long from, long to, double[] counts)
    {
        if (tier.FindAt(to) is not { } last)
            return;
        var after = tier.Counts(last);
        var before = Baseline(series, tier, from) is { } first ? tier.Counts(first) : default;
        var anew = !before.IsEmpty && Total(after) < Total(before);
        for (var i = 0; i < counts.Length; i++)
            counts[i] += after[i] - (before.IsEmpty || anew ? 0 : Math.Min(before[i], after[i]));
    }

    private TimeSpan Wait => Range.Step > Patience ? Range.Step * 2 : Patience;

    private static double Total(ReadOnlySpan<uint> counts)
    {
        double total = 0;
        foreach (var count in counts)
            total += count;
        return total;
    }
}
