using Local.Dashboard.Live;
using Local.Dashboard.Telemetry;

namespace Local.Dashboard.Metrics;

/// <summary>Every instrument of every resource, six hours back, within a budget of memory: over it, no new series is taken.</summary>
internal sealed class MetricStore(LiveChanges changes, TelemetryLimits limits, TimeProvider time)
{
    internal const string Topic = "metrics";
    private const int MostSeriesPerInstrument = 1_000;

    private readonly long _began = time.GetUtcNow().UtcTicks;
    private readonly Lock _lock = new();
    private readonly Dictionary<InstrumentId, Instrument> _instruments = [];

    /// <summary>Bytes that the series take, near enough.</summary>
    internal long Size { get; private set; }

    internal bool TryAdd(in MetricPoint point)
    {
        lock (_lock)
        {
            var id = new InstrumentId(point.Resource.Name, point.Meter, point.Name);
            if (!_instruments.TryGetValue(id, out var instrument))
            {
                if (Size >= limits.MetricBytes)
                    return false;
                _instruments[id] = instrument = new Instrument(id, point.Unit, point.Description, point.Kind, point.Bounds.ToArray());
            }
            var key = new SeriesKey(point.Resource.Instance, point.Dimensions);
            if (!instrument.Series.TryGetValue(key, out var series))
            {
                if (Size >= limits.MetricBytes || instrument.Series.Count >= MostSeriesPerInstrument)
                {
                    instrument.IsFull = true;
                    return false;
                }
                instrument.Series[key] = series = new Series(
                    point.Resource.Instance, point.Dimensions, point.Buckets.Length, isWhole: point.IsDelta || point.CountedSince >= _began);
                Size += series.Size;
            }
            if (!instrument.Fits(point))
                return false;
            var before = series.Size;
            series.Add(point, mayGrow: Size < limits.MetricBytes);
            Size += series.Size - before;
            instrument.LastAt = Math.Max(instrument.LastAt, point.At);
            return true;
        }
    }

    /// <summary>After a request of many points.</summary>
    internal void Raise() => changes.Raise(Topic);

    /// <summary>What there is, to choose from.</summary>
    internal IReadOnlyList<InstrumentInfo> Instruments()
    {
        lock (_lock)
            return _instruments.Values.Select(i => i.Info).OrderBy(i => i.Id.Meter, StringComparer.Ordinal).ThenBy(i => i.Id.Name, StringComparer.Ordinal).ToList();
    }

    /// <summary>Reads an instrument's series while nobody writes them; null when there is no such instrument.</summary>
    internal T? Read<T>(InstrumentId id, Func<InstrumentInfo, IReadOnlyCollection<Series>, T> read) where T : class
    {
        lock (_lock)
            return _instruments.TryGetValue(id, out var instrument) ? read(instrument.Info, instrument.Series.Values) : null;
    }

    internal void Clear(string? resource = null)
    {
        lock (_lock)
        {
            foreach (var (id, instrument) in _instruments.Where(i => resource is null || i.Key.Resource == resource).ToList())
            {
                Size -= instrument.Series.Values.Sum(s => (long)s.Size);
                _instruments.Remove(id);
            }
        }
        changes.Raise(Topic);
    }

    private sealed class Instrument(InstrumentId id, string unit, string description, InstrumentKind kind, double[] bounds)
    {
        internal Dictionary<SeriesKey, Series> Series { get; } = [];

        internal long LastAt { get; set; }

        internal bool IsFull { get; set; }

        internal InstrumentInfo Info => new(id, unit, description, kind, bounds, Series.Count, LastAt, IsFull);

        // A service that was changed and started again may mean something else by the same name.
        internal bool Fits(in MetricPoint point) => point.Kind == kind && point.Bounds.SequenceEqual(bounds);
    }

    /// <summary>Bytes compared by content: the packing of equal attributes is equal, but for the rare word that came when the words were full.</summary>
    private readonly struct SeriesKey(string instance, byte[] dimensions) : IEquatable<SeriesKey>
    {
        private readonly string _instance = instance;
        private readonly byte[] _dimensions = dimensions;

        public bool Equals(SeriesKey other) => _instance == other._instance && _dimensions.AsSpan().SequenceEqual(other._dimensions);

        public override bool Equals(object? obj) => obj is SeriesKey other && Equals(other);

        public override int GetHashCode()
        {
            var hash = new HashCode();
            hash.AddBytes(_dimensions);
            hash.Add(_instance);
            return hash.ToHashCode();
        }
    }
}

/// <summary>What an instrument says of itself.</summary>
public sealed record InstrumentInfo(
    InstrumentId Id, string Unit, string Description, InstrumentKind Kind, double[] Bounds, int SeriesCount, long LastAt, bool IsFull);
