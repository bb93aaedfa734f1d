namespace Local.Kafka.Protocol.Messages;

internal sealed record LeaveGroupRequest(string GroupId, LeaveGroupRequest.Member[] Members) : IRequest
{
    public readonly record struct Member(string Id, string? InstanceId);

    public static IRequest Read(ref WireReader r)
    {
        var group = r.String();
        if (r.Version < 3) return new LeaveGroupRequest(group, [new Member(r.String(), InstanceId: null)]);
        return new LeaveGroupRequest(group, r.Structs(static (ref WireReader m) =>
        {
            var member = new Member(m.String(), m.NullableString());
            if (m.Version >= 5) m.NullableString(); // reason, for people
            return member;
        }));
    }
}

internal sealed record LeaveGroupResponse(ErrorCode Error, LeaveGroupResponse.Member[] Members) : IResponse
{
    public readonly record struct Member(string Id, string? InstanceId, ErrorCode Error);

    public void Write(WireWriter w)
    {
        w.ThrottleTime(since: 1);
        if (w.Version < 3)
        {
            w.Error(Error == ErrorCode.None && Members.Length == 1 ? Members[0].Error : Error);
            return;
        }
        w.Error(Error);
        w.Structs(Members, static (w, member) =>
        {
            w.String(member.Id);
            w.String(member.InstanceId);
            w.Error(member.Error);
        });
    }
}
