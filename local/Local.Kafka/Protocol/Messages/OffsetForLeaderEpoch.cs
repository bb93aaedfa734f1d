namespace Local.Kafka.Protocol.Messages;

internal sealed record OffsetForLeaderEpochRequest(OffsetForLeaderEpochRequest.Topic[] Topics) : IRequest
{
    public sealed record Topic(string Name, Partition[] Partitions);

    public readonly record struct Partition(int Index, int CurrentLeaderEpoch, int LeaderEpoch);

    public static IRequest Read(ref WireReader r)
    {
        if (r.Version >= 3) r.Int32(); // replica id
        return new OffsetForLeaderEpochRequest(r.Structs(static (ref WireReader t) => new Topic(
            t.String(),
            t.Structs(static (ref WireReader p) => new Partition(p.Int32(), p.Version >= 2 ? p.Int32() : -1, p.Int32())))));
    }
}

internal sealed record OffsetForLeaderEpochResponse(OffsetForLeaderEpochResponse.Topic[] Topics) : IResponse
{
    public sealed record Topic(string Name, Partition[] Partitions);

    public readonly record struct Partition(int Index, ErrorCode Error, int LeaderEpoch, long EndOffset);

    public void Write(WireWriter w)
    {
        w.ThrottleTime(since: 2);
        w.Structs(Topics, static (w, topic) =>
        {
            w.String(topic.Name);
            w.Structs(topic.Partitions, static (w, partition) =>
            {
                w.Error(partition.Error);
                w.Int32(partition.Index);
                if (w.Version >= 1) w.Int32(partition.LeaderEpoch);
                w.Int64(partition.EndOffset);
            });
        });
    }
}
