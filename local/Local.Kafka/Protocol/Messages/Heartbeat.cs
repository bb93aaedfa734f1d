namespace Local.Kafka.Protocol.Messages;

internal sealed record HeartbeatRequest(string GroupId, int Generation, string MemberId, string? InstanceId) : IRequest
{
    public static IRequest Read(ref WireReader r) =>
        new HeartbeatRequest(r.String(), r.Int32(), r.String(), r.Version >= 3 ? r.NullableString() : null);
}

internal sealed record HeartbeatResponse(ErrorCode Error) : IResponse
{
    public void Write(WireWriter w)
    {
        w.ThrottleTime(since: 1);
        w.Error(Error);
    }
}
