namespace Local.Kafka.Protocol.Messages;

internal sealed record ListOffsetsRequest(ListOffsetsRequest.Topic[] Topics) : IRequest
{
    public sealed record Topic(string Name, Partition[] Partitions);

    public readonly record struct Partition(int Index, int LeaderEpoch, long Timestamp);

    public static IRequest Read(ref WireReader r)
    {
        r.Int32(); // replica id
        if (r.Version >= 2) r.Int8(); // isolation level
        return new ListOffsetsRequest(r.Structs(static (ref WireReader t) => new Topic(
            t.String(),
            t.Structs(static (ref WireReader p) => new Partition(p.Int32(), p.Version >= 4 ? p.Int32() : -1, p.Int64())))));
    }
}

internal sealed record ListOffsetsResponse(ListOffsetsResponse.Topic[] Topics) : IResponse
{
    public sealed record Topic(string Name, Partition[] Partitions);

    public readonly record struct Partition(int Index, ErrorCode Error, long Timestamp, long Offset, int LeaderEpoch);

    public void Write(WireWriter w)
    {
        w.ThrottleTime(since: 2);
        w.Structs(Topics, static (w, topic) =>
        {
            w.String(topic.Name);
            w.Structs(topic.Partitions, static (w, partition) =>
            {
                w.Int32(partition.Index);
                w.Error(partition.Error);
                w.Int64(partition.Timestamp);
                w.Int64(partition.Offset);
                if (w.Version >= 4) w.Int32(partition.LeaderEpoch);
            });
        });
    }
}
