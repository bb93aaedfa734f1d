using System.Globalization;
using System.Text;
using Local.Dashboard.Telemetry;

namespace Local.Dashboard.Otlp;

/// <summary>The messages of opentelemetry/proto/common and /resource.</summary>
internal static class OtlpCommon
{
    internal const int MostAttributes = 128;
    private const int MostNesting = 8;

    /// <summary>KeyValue: key = 1, value = 2.</summary>
    public static void CopyAttribute(ProtoReader reader, AttributeWriter to)
    {
        ReadOnlySpan<byte> key = default, value = default;
        for (var field = reader.NextField(); field != 0; field = reader.NextField())
        {
            if (field == 1) key = reader.ReadBytes();
            else if (field == 2) value = reader.ReadBytes();
            else reader.Skip();
        }
        CopyValue(key, new ProtoReader(value), to);
    }

    // AnyValue: string = 1, bool = 2, int = 3, double = 4, array = 5, kvlist = 6, bytes = 7.
    private static void CopyValue(ReadOnlySpan<byte> key, ProtoReader reader, AttributeWriter to)
    {
        var whole = reader;
        switch (reader.NextField())
        {
            case 1:
                to.Write(key, reader.ReadBytes());
                break;
            case 2:
                to.Write(key, reader.ReadUInt64() != 0);
                break;
            case 3:
                to.Write(key, reader.ReadInt64());
                break;
            case 4:
                to.Write(key, reader.ReadDouble());
                break;
            default:
                to.Write(key, ReadValue(whole));
                break;
        }
    }

    /// <summary>An AnyValue as text.</summary>
    public static string ReadValue(ProtoReader reader, int depth = MostNesting)
    {
        if (depth == 0) return "…";
        var value = "";
        for (var field = reader.NextField(); field != 0; field = reader.NextField())
        {
            switch (field)
            {
                case 1:
                    value = reader.ReadString();
                    break;
                case 2:
                    value = reader.ReadUInt64() != 0 ? "true" : "false";
                    break;
                case 3:
                    value = reader.ReadInt64().ToString(CultureInfo.InvariantCulture);
                    break;
                case 4:
                    value = reader.ReadDouble().ToString(CultureInfo.InvariantCulture);
                    break;
                case 5:
                    value = "[" + ReadParts(reader.ReadMessage(), depth - 1, pairs: false) + "]";
                    break;
                case 6:
                    value = "{" + ReadParts(reader.ReadMessage(), depth - 1, pairs: true) + "}";
                    break;
                case 7:
                    value = Convert.ToHexStringLower(reader.ReadBytes());
                    break;
                default:
                    reader.Skip();
                    break;
            }
        }
        return value;
    }

    /// <summary>Resource: attributes = 1. The service's name and instance say whose telemetry it is.</summary>
    public static TelemetryResource? ReadResource(ReadOnlySpan<byte> message, TelemetryResources resources)
    {
        string name = TelemetryResources.Unnamed, instance = "";
        var reader = new ProtoReader(message);
        for (var field = reader.NextField(); field != 0; field = reader.NextField())
        {
            if (field != 1)
            {
                reader.Skip();
                continue;
            }
            var (key, value) = ReadPair(reader.ReadMessage(), MostNesting);
            if (key == "service.name" && value.Length > 0) name = value;
            else if (key == "service.instance.id") instance = value;
        }
        return resources.Find(name, instance);
    }

    /// <summary>InstrumentationScope: name = 1.</summary>
    public static string ReadScopeName(ProtoReader reader)
    {
        var name = "";
        for (var field = reader.NextField(); field != 0; field = reader.NextField())
        {
            if (field == 1) name = Words.Shared.Share(reader.ReadBytes());
            else reader.Skip();
        }
        return name;
    }

    private static (string Key, string Value) ReadPair(ProtoReader reader, int depth)
    {
        string key = "", value = "";
        for (var field = reader.NextField(); field != 0; field = reader.NextField())
        {
            if (field == 1) key = reader.ReadString();
            else if (field == 2) value = ReadValue(reader.ReadMessage(), depth);
            else reader.Skip();
        }
        return (key, value);
    }

    // ArrayValue and KeyValueList: values = 1.
    private static StringBuilder ReadParts(ProtoReader reader, int depth, bool pairs)
    {
        var text = new StringBuilder();
        for (var field = reader.NextField(); field != 0; field = reader.NextField())
        {
            if (field != 1)
            {
                reader.Skip();
                continue;
            }
            if (text.Length > 0) text.Append(", ");
            if (pairs)
            {
                var (key, value) = ReadPair(reader.ReadMessage(), depth);
                text.Append(key).Append(": ").Append(value);
            }
            else
            {
                text.Append(ReadValue(reader.ReadMessage(), depth));
            }
        }
        return text;
    }
}
