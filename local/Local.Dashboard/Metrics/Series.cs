using Local.Dashboard.Telemetry;

namespace Local.Dashboard.Metrics;

/// <summary>One dimension of an instrument over six hours: every second of the last minutes, then coarser.</summary>
internal sealed class Series
{
    private const int MostExemplars = 24;
    private static readonly (TimeSpan Interval, int Capacity)[] Tiers =
        [(TimeSpan.FromSeconds(1), 400), (TimeSpan.FromSeconds(15), 260), (TimeSpan.FromMinutes(2), 190)];

    private readonly SeriesTier[] _tiers;
    private readonly Queue<Exemplar> _exemplars = new();
    private readonly ulong[] _total;
    private double _sum;

    internal Series(string instance, byte[] dimensions, int buckets, bool isWhole)
    {
        (Instance, PackedDimensions, IsWhole) = (instance, dimensions, isWhole);
        _tiers = [.. Tiers.Select(t => new SeriesTier(t.Interval, t.Capacity, buckets))];
        _total = new ulong[buckets];
    }

    internal string Instance { get; }

    internal byte[] PackedDimensions { get; }

    /// <summary>Nothing was counted before the first point that is known came from: what that says is growth.</summary>
    internal bool IsWhole { get; }

    internal Attributes Dimensions => new(PackedDimensions);

    internal IReadOnlyCollection<Exemplar> Exemplars => _exemplars;

    internal int Size => 300 + PackedDimensions.Length + _tiers.Sum(t => t.Size) + MostExemplars * 48;

    internal void Add(in MetricPoint point, bool mayGrow)
    {
        var value = point.Value;
        var counts = point.Buckets;
        if (point.IsDelta && point.Kind != InstrumentKind.Gauge)
        {
            value = _sum += value;
            for (var i = 0; i < _total.Length; i++)
                _total[i] += counts[i];
            counts = _total;
        }
        foreach (var tier in _tiers)
            tier.Add(point.At, value, counts, mayGrow);
        foreach (var exemplar in point.Exemplars)
        {
            if (exemplar.TraceId.IsNone || _exemplars.Contains(exemplar))
                continue;
            _exemplars.Enqueue(exemplar);
            if (_exemplars.Count > MostExemplars)
                _exemplars.Dequeue();
        }
    }

    /// <summary>The finest tier that reaches so far back.</summary>
    internal SeriesTier TierFor(TimeSpan range)
    {
        for (var i = 0; i < Tiers.Length; i++)
        {
            if (Tiers[i].Interval * Tiers[i].Capacity >= range + Tiers[i].Interval * 2)
                return _tiers[i];
        }
        return _tiers[^1];
    }
}
