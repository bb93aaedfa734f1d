using Local.Dashboard.Telemetry;
using Local.Dashboard.Traces;

namespace Local.Dashboard.Otlp;

/// <summary>Reads an ExportTraceServiceRequest (opentelemetry/proto/trace/v1).</summary>
internal sealed class OtlpTraces(TelemetryResources resources) : OtlpRequest(resources)
{
    private const int MostExtras = 32 * 1024;
    private readonly List<Span> _spans = [];

    internal List<Span> Read(ReadOnlySpan<byte> request)
    {
        ReadItems(request);
        return _spans;
    }

    private protected override void ReadItem(ProtoReader reader, TelemetryResource owner, string scope) => _spans.Add(ReadSpan(reader, owner, scope));

    private Span ReadSpan(ProtoReader reader, TelemetryResource owner, string scope)
    {
        TraceId trace = default;
        SpanId id = default, parent = default;
        ulong start = 0, end = 0;
        int kind = 0, attributes = 0;
        var (status, statusMessage, name) = (SpanStatus.Unset, (string?)null, "");
        var type = SpanType.Other;
        List<byte>? extras = null;
        Attributes.Clear();
        for (var field = reader.NextField(); field != 0; field = reader.NextField())
        {
            switch (field)
            {
                case 1: trace = TraceId.From(reader.ReadBytes()); break;
                case 2: id = SpanId.From(reader.ReadBytes()); break;
                case 4: parent = SpanId.From(reader.ReadBytes()); break;
                case 5: name = Words.Shared.Share(reader.ReadBytes()); break;
                case 6: kind = reader.ReadInt32(); break;
                case 7: start = reader.ReadUInt64(); break;
                case 8: end = reader.ReadUInt64(); break;
                case 9 when attributes++ < OtlpCommon.MostAttributes:
                    var attribute = reader.ReadMessage();
                    type = type == SpanType.Other ? TypeOf(attribute) : type;
                    OtlpCommon.CopyAttribute(attribute, Attributes);
                    break;
                case 11 or 13: SpanExtras.Append(ref extras, field, reader.ReadBytes(), MostExtras); break;
                case 15: (status, statusMessage) = ReadStatus(reader.ReadMessage()); break;
                default: reader.Skip(); break;
            }
        }
        if (trace.IsNone || id.IsNone) throw new MalformedTelemetryException("a span has no valid trace or span id");
        var began = UnixNanos.ToTicks(start);
        return new Span
        {
            Resource = owner,
            TraceId = trace,
            Id = id,
            Parent = parent,
            Name = name,
            Scope = scope,
            Start = began,
            Duration = Math.Max(0, UnixNanos.ToTicks(end) - began),
            Kind = kind is >= 0 and <= (int)SpanKind.Consumer ? (SpanKind)kind : SpanKind.Unspecified,
            Type = type,
            Status = status,
            StatusMessage = statusMessage,
            PackedAttributes = Attributes.ToArray(),
            Extras = extras is null ? [] : [.. extras],
        };
    }

    // The attribute's key tells: "http.", "db." or "messaging.".
    private static SpanType TypeOf(ProtoReader attribute)
    {
        if (attribute.NextField() != 1) return SpanType.Other;
        var key = attribute.ReadBytes();
        return key.StartsWith("http."u8) ? SpanType.Http
            : key.StartsWith("db."u8) ? SpanType.Database
            : key.StartsWith("messaging."u8) ? SpanType.Messaging
            : SpanType.Other;
    }

    // Status: message = 2, code = 3.
    private static (SpanStatus, string?) ReadStatus(ProtoReader reader)
    {
        var (code, message) = (0, (string?)null);
        for (var field = reader.NextField(); field != 0; field = reader.NextField())
        {
            if (field == 2) message = Words.Shared.Share(reader.ReadBytes());
            else if (field == 3) code = reader.ReadInt32();
            else reader.Skip();
        }
        return (code is >= 0 and <= (int)SpanStatus.Error ? (SpanStatus)code : SpanStatus.Unset, message);
    }
}
