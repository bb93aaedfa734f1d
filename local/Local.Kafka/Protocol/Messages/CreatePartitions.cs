namespace Local.Kafka.Protocol.Messages;

internal sealed record CreatePartitionsRequest(CreatePartitionsRequest.Topic[] Topics, bool ValidateOnly) : IRequest
{
    public sealed record Topic(string Name, int Count);

    public static IRequest Read(ref WireReader r)
    {
        var topics = r.Structs(ReadTopic);
        r.Int32(); // timeout
        return new CreatePartitionsRequest(topics, r.Bool());
    }

    private static Topic ReadTopic(ref WireReader r)
    {
        var topic = new Topic(r.String(), r.Int32());
        r.NullableStructs(static (ref WireReader a) => a.Int32Array()); // there is one broker to assign to
        return topic;
    }
}

internal sealed record CreatePartitionsResponse(CreatePartitionsResponse.Topic[] Topics) : IResponse
{
    public sealed record Topic(string Name, ErrorCode Error, string? Message);

    public void Write(WireWriter w)
    {
        w.ThrottleTime();
        w.Structs(Topics, static (w, topic) =>
        {
            w.String(topic.Name);
            w.Error(topic.Error);
            w.String(topic.Message);
        });
    }
}
