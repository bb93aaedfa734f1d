namespace Local.Kafka.Protocol.Messages;

internal sealed record DescribeGroupsRequest(string[] GroupIds) : IRequest
{
    public static IRequest Read(ref WireReader r)
    {
        var groups = r.StringArray();
        if (r.Version >= 3) r.Bool(); // operations: no ACLs
        return new DescribeGroupsRequest(groups);
    }
}

internal sealed record DescribeGroupsResponse(DescribeGroupsResponse.Group[] Groups) : IResponse
{
    public sealed record Group(ErrorCode Error, string Id, string State, string ProtocolType, string ProtocolName, Member[] Members);

    public sealed record Member(string Id, string? InstanceId, string ClientId, string ClientHost, byte[] Metadata, byte[] Assignment);

    public void Write(WireWriter w)
    {
        w.ThrottleTime(since: 1);
        w.Structs(Groups, static (w, group) =>
        {
            w.Error(group.Error);
            w.String(group.Id);
            w.String(group.State);
            w.String(group.ProtocolType);
            w.String(group.ProtocolName);
            w.Structs(group.Members, WriteMember);
            if (w.Version >= 3) w.Int32(MetadataResponse.NoAuthorizedOperations);
        });
    }

    private static void WriteMember(WireWriter w, Member member)
    {
        w.String(member.Id);
        if (w.Version >= 4) w.String(member.InstanceId);
        w.String(member.ClientId);
        w.String(member.ClientHost);
        w.Bytes(member.Metadata);
        w.Bytes(member.Assignment);
    }
}
