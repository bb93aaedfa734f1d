namespace Local.Kafka.Protocol.Messages;

internal sealed record ApiVersionsRequest : IRequest
{
    public static IRequest Read(ref WireReader r)
    {
        if (r.Version >= 3)
        {
            r.String(); // the client's name and version
            r.String();
        }
        return new ApiVersionsRequest();
    }
}

internal sealed record ApiVersionsResponse(ErrorCode Error) : IResponse
{
    public void Write(WireWriter w)
    {
        w.Error(Error);
        w.Structs(Api.All, static (w, api) =>
        {
            w.Int16((short)api.Key);
            w.Int16(api.Min);
            w.Int16(api.Max);
        });
        w.ThrottleTime(since: 1);
    }
}
