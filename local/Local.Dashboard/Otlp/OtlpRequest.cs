using Local.Dashboard.Telemetry;

namespace Local.Dashboard.Otlp;

/// <summary>What all three requests have in common: resources, in them scopes, in them the items, each under the same field numbers.</summary>
internal abstract class OtlpRequest(TelemetryResources resources)
{
    private const int ResourceField = 1, ScopeField = 1, ContentField = 2;

    /// <summary>Items that are not kept: of resources that are too many, or of kinds that are not shown.</summary>
    internal int Refused { get; private protected set; }

    private protected AttributeWriter Attributes { get; } = new();

    private protected void ReadItems(ReadOnlySpan<byte> request)
    {
        var reader = new ProtoReader(request);
        for (var field = reader.NextField(); field != 0; field = reader.NextField())
        {
            if (field == 1) ReadResource(reader.ReadBytes());
            else reader.Skip();
        }
    }

    private protected abstract void ReadItem(ProtoReader reader, TelemetryResource owner, string scope);

    // The resource may stand behind what it sent.
    private void ReadResource(ReadOnlySpan<byte> message)
    {
        ReadOnlySpan<byte> resource = default;
        var first = new ProtoReader(message);
        for (var field = first.NextField(); field != 0; field = first.NextField())
        {
            if (field == ResourceField) resource = first.ReadBytes();
            else first.Skip();
        }
        var owner = OtlpCommon.ReadResource(resource, resources);
        var second = new ProtoReader(message);
        for (var field = second.NextField(); field != 0; field = second.NextField())
        {
            if (field == ContentField) ReadScope(second.ReadMessage(), owner);
            else second.Skip();
        }
    }

    private void ReadScope(ProtoReader reader, TelemetryResource? owner)
    {
        var scope = "";
        for (var field = reader.NextField(); field != 0; field = reader.NextField())
        {
            if (field == ScopeField) scope = OtlpCommon.ReadScopeName(reader.ReadMessage());
            else if (field != ContentField) reader.Skip();
            else if (owner is null) { reader.Skip(); Refused++; }
            else ReadItem(reader.ReadMessage(), owner, scope);
        }
    }
}
