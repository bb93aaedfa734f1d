namespace Local.Kafka.Protocol.Messages;

internal sealed record DeleteTopicsRequest(DeleteTopicsRequest.Topic[] Topics) : IRequest
{
    public readonly record struct Topic(string? Name, Guid Id);

    public static IRequest Read(ref WireReader r)
    {
        var topics = r.Version >= 6
            ? r.Structs(static (ref WireReader t) => new Topic(t.NullableString(), t.Uuid()))
            : r.Array(static (ref WireReader t) => new Topic(t.String(), Guid.Empty));
        r.Int32(); // timeout: deletion is immediate
        return new DeleteTopicsRequest(topics);
    }
}

internal sealed record DeleteTopicsResponse(DeleteTopicsResponse.Topic[] Topics) : IResponse
{
    public sealed record Topic(string? Name, Guid Id, ErrorCode Error);

    public void Write(WireWriter w)
    {
        w.ThrottleTime(since: 1);
        w.Structs(Topics, static (w, topic) =>
        {
            w.String(topic.Name);
            if (w.Version >= 6) w.Uuid(topic.Id);
            w.Error(topic.Error);
            if (w.Version >= 5) w.String(null); // message
        });
    }
}
