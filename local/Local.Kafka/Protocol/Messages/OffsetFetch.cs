namespace Local.Kafka.Protocol.Messages;

/// <summary>Version 8 asks for several groups at once; the older versions are read as a list of one.</summary>
internal sealed record OffsetFetchRequest(OffsetFetchRequest.Group[] Groups) : IRequest
{
    /// <summary>Topics: null asks for all that have a committed offset.</summary>
    public sealed record Group(string Id, Topic[]? Topics);

    public sealed record Topic(string Name, int[] Partitions);

    public static IRequest Read(ref WireReader r)
    {
        Group[] groups = r.Version >= 8 ? r.Structs(ReadGroup) : [new Group(r.String(), r.NullableStructs(ReadTopic))];
        if (r.Version >= 7) r.Bool(); // require stable: without transactions every offset is
        return new OffsetFetchRequest(groups);
    }

    private static Group ReadGroup(ref WireReader r)
    {
        var id = r.String();
        if (r.Version >= 9)
        {
            r.NullableString(); // member id and epoch of the newer group protocol (KIP-848)
            r.Int32();
        }
        return new Group(id, r.NullableStructs(ReadTopic));
    }

    private static Topic ReadTopic(ref WireReader r) => new(r.String(), r.Int32Array());
}

internal sealed record OffsetFetchResponse(OffsetFetchResponse.Group[] Groups) : IResponse
{
    public sealed record Group(string Id, ErrorCode Error, Topic[] Topics);

    public sealed record Topic(string Name, Partition[] Partitions);

    public readonly record struct Partition(int Index, long Offset, int LeaderEpoch, string? Metadata);

    public void Write(WireWriter w)
    {
        w.ThrottleTime(since: 3);
        if (w.Version >= 8)
        {
            w.Structs(Groups, static (w, group) =>
            {
                w.String(group.Id);
                w.Structs(group.Topics, WriteTopic);
                w.Error(group.Error);
            });
            return;
        }
        w.Structs(Groups[0].Topics, WriteTopic);
        if (w.Version >= 2) w.Error(Groups[0].Error);
    }

    private static void WriteTopic(WireWriter w, Topic topic)
    {
        w.String(topic.Name);
        w.Structs(topic.Partitions, static (w, partition) =>
        {
            w.Int32(partition.Index);
            w.Int64(partition.Offset);
            if (w.Version >= 5) w.Int32(partition.LeaderEpoch);
            w.String(partition.Metadata);
            w.Error(ErrorCode.None);
        });
    }
}
