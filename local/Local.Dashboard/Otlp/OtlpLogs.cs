using System.Text;
using Local.Dashboard.Logs;
using Local.Dashboard.Telemetry;

namespace Local.Dashboard.Otlp;

/// <summary>Reads an ExportLogsServiceRequest (opentelemetry/proto/logs/v1).</summary>
internal ref struct OtlpLogs(TelemetryResources resources)
{
    private readonly AttributeWriter _attributes = new();
    private readonly List<LogEntry> _entries = [];

    /// <summary>Entries of resources that are too many.</summary>
    internal int Refused { get; private set; }

    internal List<LogEntry> Read(ReadOnlySpan<byte> request)
    {
        var reader = new ProtoReader(request);
        for (var field = reader.NextField(); field != 0; field = reader.NextField())
        {
            if (field == 1) ReadResourceLogs(reader.ReadBytes());
            else reader.Skip();
        }
        return _entries;
    }

    // ResourceLogs: resource = 1, scope_logs = 2.
    private void ReadResourceLogs(ReadOnlySpan<byte> message)
    {
        ReadOnlySpan<byte> resource = default;
        var first = new ProtoReader(message);
        for (var field = first.NextField(); field != 0; field = first.NextField())
        {
            if (field == 1) resource = first.ReadBytes();
            else first.Skip();
        }
        var owner = OtlpCommon.ReadResource(resource, resources);
        var second = new ProtoReader(message);
        for (var field = second.NextField(); field != 0; field = second.NextField())
        {
            if (field == 2) ReadScopeLogs(second.ReadMessage(), owner);
            else second.Skip();
        }
    }

    // ScopeLogs: scope = 1, log_records = 2.
    private void ReadScopeLogs(ProtoReader reader, TelemetryResource? owner)
    {
        var scope = "";
        for (var field = reader.NextField(); field != 0; field = reader.NextField())
        {
            if (field == 1) scope = OtlpCommon.ReadScopeName(reader.ReadMessage());
            else if (field != 2) reader.Skip();
            else if (owner is null) { reader.Skip(); Refused++; }
            else _entries.Add(ReadRecord(reader.ReadMessage(), owner, scope));
        }
    }

    // LogRecord: event_name = 12 is an attribute to us.
    private readonly LogEntry ReadRecord(ProtoReader reader, TelemetryResource owner, string scope)
    {
        ulong at = 0, observed = 0;
        int severity = 0, attributes = 0;
        byte[] message = [];
        TraceId trace = default;
        SpanId span = default;
        _attributes.Clear();
        for (var field = reader.NextField(); field != 0; field = reader.NextField())
        {
            switch (field)
            {
                case 1: at = reader.ReadUInt64(); break;
                case 2: severity = reader.ReadInt32(); break;
                case 5: message = ReadBody(reader.ReadMessage()); break;
                case 6 when attributes++ < OtlpCommon.MostAttributes: OtlpCommon.CopyAttribute(reader.ReadMessage(), _attributes); break;
                case 9: trace = TraceId.From(reader.ReadBytes()); break;
                case 10: span = SpanId.From(reader.ReadBytes()); break;
                case 11: observed = reader.ReadUInt64(); break;
                case 12: _attributes.Write("event.name"u8, reader.ReadBytes()); break;
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
            PackedAttributes = _attributes.ToArray(),
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
