namespace Local.Kafka.Protocol.Messages;

/// <summary>An empty filter lets everything through.</summary>
internal sealed record ListGroupsRequest(string[] States, string[] Types) : IRequest
{
    public static IRequest Read(ref WireReader r) => new ListGroupsRequest(
        r.Version >= 4 ? r.StringArray() : [],
        r.Version >= 5 ? r.StringArray() : []);
}

internal sealed record ListGroupsResponse(ListGroupsResponse.Group[] Groups) : IResponse
{
    /// <summary>The type of groups whose members compute the assignment themselves, as opposed to KIP-848's.</summary>
    public const string ClassicType = "classic";

    public sealed record Group(string Id, string ProtocolType, string State);

    public void Write(WireWriter w)
    {
        w.ThrottleTime(since: 1);
        w.Error(ErrorCode.None);
        w.Structs(Groups, static (w, group) =>
        {
            w.String(group.Id);
            w.String(group.ProtocolType);
            if (w.Version >= 4) w.String(group.State);
            if (w.Version >= 5) w.String(ClassicType);
        });
    }
}
