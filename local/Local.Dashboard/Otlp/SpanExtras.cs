using System.Runtime.InteropServices;
using System.Text;
using Local.Dashboard.Telemetry;
using Local.Dashboard.Traces;

namespace Local.Dashboard.Otlp;

/// <summary>A span's events and links. They stay in OTLP's own form until somebody opens the span.</summary>
internal static class SpanExtras
{
    private const int EventField = 11, LinkField = 13;

    /// <summary>Appends one message, unless it would make the whole too long.</summary>
    internal static void Append(ref List<byte>? to, int field, ReadOnlySpan<byte> message, int most)
    {
        if ((to?.Count ?? 0) + message.Length > most)
            return;
        Validate(message, field);
        to ??= [];
        to.Add((byte)(field << 3 | 2));
        for (var length = (uint)message.Length; ; length >>= 7)
        {
            to.Add((byte)(length < 0x80 ? length : length | 0x80));
            if (length < 0x80)
                break;
        }
        to.AddRange(message);
    }

    internal static IReadOnlyList<SpanEvent> EventsOf(Span span)
    {
        var events = new List<SpanEvent>();
        var reader = new ProtoReader(span.Extras);
        for (var field = reader.NextField(); field != 0; field = reader.NextField())
        {
            if (field == EventField) events.Add(ReadEvent(reader.ReadMessage()));
            else reader.Skip();
        }
        return events;
    }

    internal static IReadOnlyList<SpanLink> LinksOf(Span span)
    {
        var links = new List<SpanLink>();
        var reader = new ProtoReader(span.Extras);
        for (var field = reader.NextField(); field != 0; field = reader.NextField())
        {
            if (field == LinkField) links.Add(ReadLink(reader.ReadMessage()));
            else reader.Skip();
        }
        return links;
    }

    // What is kept can be read later: malformed bytes are refused now.
    private static void Validate(ReadOnlySpan<byte> message, int field)
    {
        if (field == EventField) ReadEvent(new ProtoReader(message));
        else ReadLink(new ProtoReader(message));
    }

    // Event: time_unix_nano = 1, name = 2, attributes = 3.
    private static SpanEvent ReadEvent(ProtoReader reader)
    {
        ulong at = 0;
        var name = "";
        var attributes = new AttributeWriter();
        for (var field = reader.NextField(); field != 0; field = reader.NextField())
        {
            if (field == 1) at = reader.ReadUInt64();
            else if (field == 2) name = reader.ReadString();
            else if (field == 3) OtlpCommon.CopyAttribute(reader.ReadMessage(), attributes);
            else reader.Skip();
        }
        return new SpanEvent(name, UnixNanos.ToTicks(at), new Attributes(attributes.ToArray()).ToList());
    }

    // Link: trace_id = 1, span_id = 2, attributes = 4.
    private static SpanLink ReadLink(ProtoReader reader)
    {
        TraceId trace = default;
        SpanId span = default;
        var attributes = new AttributeWriter();
        for (var field = reader.NextField(); field != 0; field = reader.NextField())
        {
            if (field == 1) trace = TraceId.From(reader.ReadBytes());
            else if (field == 2) span = SpanId.From(reader.ReadBytes());
            else if (field == 4) OtlpCommon.CopyAttribute(reader.ReadMessage(), attributes);
            else reader.Skip();
        }
        return new SpanLink(trace, span, new Attributes(attributes.ToArray()).ToList());
    }
}
