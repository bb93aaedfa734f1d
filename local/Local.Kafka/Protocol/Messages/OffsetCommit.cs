namespace Local.Kafka.Protocol.Messages;

internal sealed record OffsetCommitRequest(string GroupId, int Generation, string MemberId, string? InstanceId, OffsetCommitRequest.Topic[] Topics) : IRequest
{
    public sealed record Topic(string Name, Partition[] Partitions);

    public readonly record struct Partition(int Index, long Offset, int LeaderEpoch, string? Metadata);

    public static IRequest Read(ref WireReader r)
    {
        var group = r.String();
        var generation = r.Version >= 1 ? r.Int32() : -1;
        var member = r.Version >= 1 ? r.String() : "";
        var instance = r.Version >= 7 ? r.NullableString() : null;
        if (r.Version is >= 2 and <= 4) r.Int64(); // retention: the broker's own holds for all groups
        return new OffsetCommitRequest(group, generation, member, instance, r.Structs(static (ref WireReader t) => new Topic(
            t.String(),
            t.Structs(ReadPartition))));
    }

    private static Partition ReadPartition(ref WireReader r)
    {
        var index = r.Int32();
        var offset = r.Int64();
        var leaderEpoch = r.Version >= 6 ? r.Int32() : -1;
        if (r.Version == 1) r.Int64(); // commit timestamp
        return new Partition(index, offset, leaderEpoch, r.NullableString());
    }
}

internal sealed record OffsetCommitResponse(OffsetCommitResponse.Topic[] Topics) : IResponse
{
    public sealed record Topic(string Name, Partition[] Partitions);

    public readonly record struct Partition(int Index, ErrorCode Error);

    public void Write(WireWriter w)
    {
        w.ThrottleTime(since: 3);
        w.Structs(Topics, static (w, topic) =>
        {
            w.String(topic.Name);
            w.Structs(topic.Partitions, static (w, partition) =>
            {
                w.Int32(partition.Index);
                w.Error(partition.Error);
            });
        });
    }
}
