namespace Local.Kafka.Protocol.Messages;

internal sealed record DeleteGroupsRequest(string[] GroupIds) : IRequest
{
    public static IRequest Read(ref WireReader r) => new DeleteGroupsRequest(r.StringArray());
}

internal sealed record DeleteGroupsResponse(DeleteGroupsResponse.Group[] Groups) : IResponse
{
    public readonly record struct Group(string Id, ErrorCode Error);

    public void Write(WireWriter w)
    {
        w.ThrottleTime();
        w.Structs(Groups, static (w, group) =>
        {
            w.String(group.Id);
            w.Error(group.Error);
        });
    }
}
