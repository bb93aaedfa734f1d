namespace Local.Kafka.Protocol.Messages;

internal sealed record DeleteRecordsRequest(DeleteRecordsRequest.Topic[] Topics) : IRequest
{
    public sealed record Topic(string Name, Partition[] Partitions);

    /// <summary>Records before Offset go; -1 means all there are.</summary>
    public readonly record struct Partition(int Index, long Offset);

    public static IRequest Read(ref WireReader r)
    {
        var topics = r.Structs(static (ref WireReader t) => new Topic(
            t.String(),
            t.Structs(static (ref WireReader p) => new Partition(p.Int32(), p.Int64()))));
        r.Int32(); // timeout
        return new DeleteRecordsRequest(topics);
    }
}

internal sealed record DeleteRecordsResponse(DeleteRecordsResponse.Topic[] Topics) : IResponse
{
    public sealed record Topic(string Name, Partition[] Partitions);

    public readonly record struct Partition(int Index, long LowWatermark, ErrorCode Error);

    public void Write(WireWriter w)
    {
        w.ThrottleTime();
        w.Structs(Topics, static (w, topic) =>
        {
            w.String(topic.Name);
            w.Structs(topic.Partitions, static (w, partition) =>
            {
                w.Int32(partition.Index);
                w.Int64(partition.LowWatermark);
                w.Error(partition.Error);
            });
        });
    }
}
