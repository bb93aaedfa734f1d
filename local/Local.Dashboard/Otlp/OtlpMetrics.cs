using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Local.Dashboard.Metrics;
using Local.Dashboard.Telemetry;

namespace Local.Dashboard.Otlp;

/// <summary>Reads an ExportMetricsServiceRequest (opentelemetry/proto/metrics/v1): gauges, sums and histograms with explicit bounds.</summary>
internal sealed class OtlpMetrics(TelemetryResources resources, MetricStore store) : OtlpRequest(resources)
{
    internal const int MostBuckets = 200;
    private const int MostExemplars = 16;
    private readonly ulong[] _buckets = new ulong[MostBuckets];
    private readonly ulong[] _bounds = new ulong[MostBuckets]; // Doubles, as their bits.

    internal void Read(ReadOnlySpan<byte> request) => ReadItems(request);

    private protected override void ReadItem(ProtoReader reader, TelemetryResource owner, string scope) => ReadMetric(reader, new Instrument(owner, scope));

    // Metric: name = 1, description = 2, unit = 3, gauge = 5, sum = 7, histogram = 9, exponential = 10, summary = 11.
    private void ReadMetric(ProtoReader reader, Instrument instrument)
    {
        ReadOnlySpan<byte> data = default;
        var kind = 0;
        for (var field = reader.NextField(); field != 0; field = reader.NextField())
        {
            switch (field)
            {
                case 1: instrument.Name = Words.Shared.Share(reader.ReadBytes()); break;
                case 2: instrument.Description = Words.Shared.Share(reader.ReadBytes()); break;
                case 3: instrument.Unit = Words.Shared.Share(reader.ReadBytes()); break;
                case 5 or 7 or 9:
                    kind = field;
                    data = reader.ReadBytes();
                    break;
                case 10 or 11: Refused++; reader.Skip(); break;
                default: reader.Skip(); break;
            }
        }
        if (kind != 0)
            ReadData(data, kind, instrument);
    }

    // Gauge, Sum, Histogram: data_points = 1, aggregation_temporality = 2 (1 is delta), is_monotonic = 3. The points stand first.
    private void ReadData(ReadOnlySpan<byte> message, int kind, Instrument instrument)
    {
        var (temporality, monotonic) = (0, false);
        var first = new ProtoReader(message);
        for (var field = first.NextField(); field != 0; field = first.NextField())
        {
            if (field == 2) temporality = first.ReadInt32();
            else if (field == 3) monotonic = first.ReadUInt64() != 0;
            else first.Skip();
        }
        instrument.IsDelta = temporality == 1;
        instrument.Kind = kind == 9 ? InstrumentKind.Histogram : monotonic ? InstrumentKind.Counter : InstrumentKind.Gauge;
        var second = new ProtoReader(message);
        for (var field = second.NextField(); field != 0; field = second.NextField())
        {
            if (field != 1) second.Skip();
            else if (kind == 9) ReadHistogram(second.ReadMessage(), instrument);
            else ReadNumber(second.ReadMessage(), instrument);
        }
    }

    // NumberDataPoint: start = 2, time = 3, double = 4, exemplars = 5, int = 6, attributes = 7.
    private void ReadNumber(ProtoReader reader, Instrument instrument)
    {
        ulong at = 0, since = 0;
        double value = 0;
        Attributes.Clear();
        for (var field = reader.NextField(); field != 0; field = reader.NextField())
        {
            switch (field)
            {
                case 2: since = reader.ReadUInt64(); break;
                case 3: at = reader.ReadUInt64(); break;
                case 4: value = reader.ReadDouble(); break;
                case 6: value = reader.ReadInt64(); break;
                case 7: OtlpCommon.CopyAttribute(reader.ReadMessage(), Attributes); break;
                default: reader.Skip(); break;
            }
        }
        Keep(instrument, (since, at), value, default, default, []);
    }

    // HistogramDataPoint: start = 2, time = 3, count = 4, sum = 5, bucket_counts = 6, explicit_bounds = 7, exemplars = 8, attributes = 9.
    private void ReadHistogram(ProtoReader reader, Instrument instrument)
    {
        ulong at = 0, since = 0, count = 0;
        double sum = 0;
        int bucketCount = 0, boundCount = 0;
        List<Exemplar>? exemplars = null;
        Attributes.Clear();
        for (var field = reader.NextField(); field != 0; field = reader.NextField())
        {
            switch (field)
            {
                case 2: since = reader.ReadUInt64(); break;
                case 3: at = reader.ReadUInt64(); break;
                case 4: count = reader.ReadUInt64(); break;
                case 5: sum = reader.ReadDouble(); break;
                case 6: ReadFixed(ref reader, _buckets, ref bucketCount); break;
                case 7: ReadFixed(ref reader, _bounds, ref boundCount); break;
                case 8 when (exemplars?.Count ?? 0) < MostExemplars: (exemplars ??= []).Add(ReadExemplar(reader.ReadMessage())); break;
                case 9: OtlpCommon.CopyAttribute(reader.ReadMessage(), Attributes); break;
                default: reader.Skip(); break;
            }
        }
        if (bucketCount == 0)
            _buckets[bucketCount++] = count;
        if (bucketCount != boundCount + 1) throw new MalformedTelemetryException("a histogram's buckets do not fit their bounds");
        Keep(instrument, (since, at), sum, _buckets.AsSpan(0, bucketCount), MemoryMarshal.Cast<ulong, double>(_bounds.AsSpan(0, boundCount)), exemplars ?? []);
    }

    private void Keep(Instrument instrument, (ulong Since, ulong At) times, double value, ReadOnlySpan<ulong> buckets, ReadOnlySpan<double> bounds, List<Exemplar> exemplars)
    {
        var point = new MetricPoint
        {
            Resource = instrument.Owner,
            Meter = instrument.Meter,
            Name = instrument.Name,
            Unit = instrument.Unit,
            Description = instrument.Description,
            Kind = instrument.Kind,
            IsDelta = instrument.IsDelta,
            Dimensions = Attributes.ToArray(),
            CountedSince = times.Since == 0 ? 0 : UnixNanos.ToTicks(times.Since),
            At = UnixNanos.ToTicks(times.At),
            Value = value,
            Buckets = buckets,
            Bounds = bounds,
            Exemplars = exemplars,
        };
        if (!store.TryAdd(point))
            Refused++;
    }

    // Packed, as every exporter does, or one by one, as the protocol allows.
    private static void ReadFixed(ref ProtoReader reader, ulong[] to, ref int count)
    {
        if (reader.IsFixed64)
        {
            if (count == to.Length) throw new MalformedTelemetryException("a histogram has too many buckets");
            to[count++] = reader.ReadUInt64();
            return;
        }
        var packed = reader.ReadBytes();
        if (packed.Length % 8 != 0 || count + packed.Length / 8 > to.Length) throw new MalformedTelemetryException("a histogram has broken or too many buckets");
        for (; !packed.IsEmpty; packed = packed[8..])
            to[count++] = BinaryPrimitives.ReadUInt64LittleEndian(packed);
    }

    // Exemplar: time = 2, double = 3, span_id = 4, trace_id = 5, int = 6.
    private static Exemplar ReadExemplar(ProtoReader reader)
    {
        ulong at = 0;
        double value = 0;
        TraceId trace = default;
        SpanId span = default;
        for (var field = reader.NextField(); field != 0; field = reader.NextField())
        {
            switch (field)
            {
                case 2: at = reader.ReadUInt64(); break;
                case 3: value = reader.ReadDouble(); break;
                case 4: span = SpanId.From(reader.ReadBytes()); break;
                case 5: trace = TraceId.From(reader.ReadBytes()); break;
                case 6: value = reader.ReadInt64(); break;
                default: reader.Skip(); break;
            }
        }
        return new Exemplar(UnixNanos.ToTicks(at), value, trace, span);
    }

    private struct Instrument(TelemetryResource owner, string meter)
    {
        internal TelemetryResource Owner { get; } = owner;

        internal string Meter { get; } = meter;

        internal string Name { get; set; } = "";

        internal string Description { get; set; } = "";

        internal string Unit { get; set; } = "";

        internal InstrumentKind Kind { get; set; }

        internal bool IsDelta { get; set; }
    }
}
