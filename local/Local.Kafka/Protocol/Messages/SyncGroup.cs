namespace Local.Kafka.Protocol.Messages;

internal sealed record SyncGroupRequest(
    string GroupId, int Generation, string MemberId, string? InstanceId, string? ProtocolType, string? ProtocolName,
    SyncGroupRequest.Assignment[] Assignments) : IRequest
{
    public sealed record Assignment(string MemberId, byte[] Bytes);

    public static IRequest Read(ref WireReader r) => new SyncGroupRequest(
        r.String(),
        r.Int32(),
        r.String(),
        r.Version >= 3 ? r.NullableString() : null,
        r.Version >= 5 ? r.NullableString() : null,
        r.Version >= 5 ? r.NullableString() : null,
        r.Structs(static (ref WireReader a) => new Assignment(a.String(), a.Bytes())));
}

internal sealed record SyncGroupResponse(ErrorCode Error, string? ProtocolType, string? ProtocolName, byte[] Assignment) : IResponse
{
    public static SyncGroupResponse Failed(ErrorCode error) => new(error, ProtocolType: null, ProtocolName: null, []);

    public void Write(WireWriter w)
    {
        w.ThrottleTime(since: 1);
        w.Error(Error);
        if (w.Version >= 5)
        {
            w.String(ProtocolType);
            w.String(ProtocolName);
        }
        w.Bytes(Assignment);
    }
}
