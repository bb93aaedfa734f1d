using System.Text;
using Local.Dashboard.Logs;
using Local.Dashboard.Telemetry;

namespace Local.Dashboard.Otlp;

/// <summary>Reads an ExportLogsServiceRequest (opentelemetry/proto/logs/v1).</summary>
internal sealed class OtlpLogs(TelemetryResources resources) : OtlpRequest(resources)
{
    private readonly List<LogEntry> _entries = [];

    internal List<LogEntry> Read(ReadOnlySpan<byte> request)
    {
        ReadItems(request);
        return _entries;
    }

    private protected override void ReadItem(ProtoReader reader, TelemetryResource owner, string scope) => _entries.Add(ReadRecord(reader, owner, scope));

    // LogRecord: event_name = 12 is an attribute to us.
    private LogEntry ReadRecord(ProtoReader reader, TelemetryResource owner, string scope)
    {
        ulong at = 0, observed = 0;
        int severity = 0, attributes = 0;
        byte[] message = [];
        TraceId trace = default;
        SpanId span = default;
        Attributes.Clear();
        for (var field = reader.NextField(); field != 0; field = reader.NextField())
        {
            switch (field)
            {
                case 1: at = reader.ReadUInt64(); break;
                case 2: severity = reader.ReadInt32(); break;
                case 5: message = ReadBody(reader.ReadMessage()); break;
                case 6 when attributes++ < OtlpCommon.MostAttributes: OtlpCommon.CopyAttribute(reader.ReadMessage(), Attributes); break;
                case 9: trace = TraceId.From(reader.ReadBytes()); break;
                case 10: span = SpanId.From(reader.ReadBytes()); break;
                case 11: observed = reader.ReadUInt64(); break;
                case 12: Attributes.Write("event.name"u8, reader.ReadBytes()); break;
                default: reader.Skip(); break;
            }
        }
        return new LogEntry
        {
            Resource = owner,
            At = UnixNanos.ToTicks(at == 0 ? observed : at),
            Severity = SeverityOf(severity),
            Utf8Message = message,
            Category = scope,
            TraceId = trace,
            SpanId = span,
            PackedAttributes = Attributes.ToArray(),
        };
    }

    private static byte[] ReadBody(ProtoReader body)
    {
        var whole = body;
        var text = body.NextField() == 1 ? body.ReadBytes() : Encoding.UTF8.GetBytes(OtlpCommon.ReadValue(whole));
        return (text.Length <= AttributeWriter.LongestValue ? text : text[..AttributeWriter.LongestValue]).ToArray();
    }

    // SeverityNumber: four numbers for each level, from TRACE = 1 to FATAL4 = 24.
    private static LogSeverity SeverityOf(int number) => number switch
    {
        <= 0 => LogSeverity.Information,
        >= 21 => LogSeverity.Critical,
        _ => (LogSeverity)((number - 1) / 4),
    };
}
