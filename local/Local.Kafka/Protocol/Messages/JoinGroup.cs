namespace Local.Kafka.Protocol.Messages;

internal sealed record JoinGroupRequest(
    string GroupId, int SessionTimeoutMs, int RebalanceTimeoutMs, string MemberId, string? InstanceId, string ProtocolType,
    JoinGroupRequest.Protocol[] Protocols, short Version) : IRequest
{
    public sealed record Protocol(string Name, byte[] Metadata);

    /// <summary>KIP-394: a newcomer is told its id first and comes again with it, so that lost answers leave no ghost members.</summary>
    public bool AnswersMemberIdRequired => Version >= 4;

    /// <summary>KIP-814: a static leader that returns is told not to compute a new assignment.</summary>
    public bool UnderstandsSkipAssignment => Version >= 9;

    public static IRequest Read(ref WireReader r)
    {
        var group = r.String();
        var sessionTimeout = r.Int32();
        var rebalanceTimeout = r.Version >= 1 ? r.Int32() : sessionTimeout;
        var member = r.String();
        var instance = r.Version >= 5 ? r.NullableString() : null;
        var protocolType = r.String();
        var protocols = r.Structs(static (ref WireReader p) => new Protocol(p.String(), p.Bytes()));
        if (r.Version >= 8) r.NullableString(); // reason, for people
        return new JoinGroupRequest(group, sessionTimeout, rebalanceTimeout, member, instance, protocolType, protocols, r.Version);
    }
}

internal sealed record JoinGroupResponse(
    ErrorCode Error, int Generation, string? ProtocolType, string? ProtocolName, string Leader, string MemberId,
    JoinGroupResponse.Member[] Members, bool SkipAssignment = false) : IResponse
{
    public sealed record Member(string Id, string? InstanceId, byte[] Metadata);

    public static JoinGroupResponse Failed(ErrorCode error, string memberId = "") =>
        new(error, Generation: -1, ProtocolType: null, ProtocolName: null, Leader: "", memberId, []);

    public void Write(WireWriter w)
    {
        w.ThrottleTime(since: 2);
        w.Error(Error);
        w.Int32(Generation);
        if (w.Version >= 7) w.String(ProtocolType);
        w.String(w.Version >= 7 ? ProtocolName : ProtocolName ?? "");
        w.String(Leader);
        if (w.Version >= 9) w.Bool(SkipAssignment);
        w.String(MemberId);
        w.Structs(Members, static (w, member) =>
        {
            w.String(member.Id);
            if (w.Version >= 5) w.String(member.InstanceId);
            w.Bytes(member.Metadata);
        });
    }
}
