using Local.Kafka.Protocol.Messages;

namespace Local.Kafka.Protocol;

/// <summary>One decoded request; <see cref="Body"/> is null where its API or version is not served.</summary>
internal readonly record struct RequestFrame(RequestHeader Header, Api? Api, IRequest? Body)
{
    /// <exception cref="MalformedRequestException">The bytes do not follow the protocol.</exception>
    public static RequestFrame Decode(Memory<byte> frame)
    {
        var reader = new WireReader(frame);
        var header = RequestHeader.Read(ref reader);
        var api = Api.Find(header.ApiKey);
        if (api is null || !api.Serves(header.Version)) return new RequestFrame(header, api, Body: null);

        reader = reader with { Version = header.Version, Flexible = api.IsFlexible(header.Version) };
        reader.SkipTags();
        var body = api.Read(ref reader);
        reader.SkipTags();
        return new RequestFrame(header, api, body);
    }

    /// <summary>Starts the answer. ApiVersions keeps the old header for ever: its reader does not know yet what the broker speaks.</summary>
    public WireWriter BeginResponse()
    {
        var flexible = Api?.IsFlexible(Header.Version) ?? false;
        var writer = new WireWriter { Version = Header.Version, Flexible = flexible };
        writer.Int32(0);
        writer.Int32(Header.CorrelationId);
        if (Api?.Key != ApiKey.ApiVersions) writer.NoTags();
        return writer;
    }

    public WireWriter Respond(IResponse response)
    {
        var writer = BeginResponse();
        response.Write(writer);
        writer.NoTags();
        writer.Finish();
        return writer;
    }

    /// <summary>KIP-511: the answer to a version that the broker does not know is written in version 0.</summary>
    public WireWriter RespondUnsupported()
    {
        var writer = new WireWriter();
        writer.Int32(0);
        writer.Int32(Header.CorrelationId);
        if (Api?.Key == ApiKey.ApiVersions) new ApiVersionsResponse(ErrorCode.UnsupportedVersion).Write(writer);
        else writer.Error(ErrorCode.UnsupportedVersion);
        writer.Finish();
        return writer;
    }
}
