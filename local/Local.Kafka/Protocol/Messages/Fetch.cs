using Local.Kafka.Log;

namespace Local.Kafka.Protocol.Messages;

internal sealed record FetchRequest(int MaxWaitMs, int MinBytes, int MaxBytes, int SessionId, int SessionEpoch, FetchRequest.Topic[] Topics) : IRequest
{
    /// <summary>Named up to version 12, identified by <see cref="Id"/> from version 13 on.</summary>
    public sealed record Topic(string? Name, Guid Id, Partition[] Partitions);

    public readonly record struct Partition(int Index, int LeaderEpoch, long Offset, int MaxBytes);

    public static IRequest Read(ref WireReader r)
    {
        if (r.Version < 15) r.Int32(); // replica id: followers do not exist
        var maxWait = r.Int32();
        var minBytes = r.Int32();
        var maxBytes = r.Int32();
        r.Int8(); // isolation level: without transactions everything is committed
        var sessionId = r.Version >= 7 ? r.Int32() : 0;
        var sessionEpoch = r.Version >= 7 ? r.Int32() : -1;
        var topics = r.Structs(static (ref WireReader t) => new Topic(
            t.Version < 13 ? t.String() : null,
            t.Version < 13 ? Guid.Empty : t.Uuid(),
            t.Structs(ReadPartition)));
        if (r.Version >= 7) r.Structs(SkipForgotten);
        if (r.Version >= 11) r.String(); // rack
        return new FetchRequest(maxWait, minBytes, maxBytes, sessionId, sessionEpoch, topics);
    }

    private static Partition ReadPartition(ref WireReader r)
    {
        var index = r.Int32();
        var leaderEpoch = r.Version >= 9 ? r.Int32() : -1;
        var offset = r.Int64();
        if (r.Version >= 12) r.Int32(); // last fetched epoch
        if (r.Version >= 5) r.Int64(); // the follower's log start
        return new Partition(index, leaderEpoch, offset, r.Int32());
    }

    private static int SkipForgotten(ref WireReader r)
    {
        if (r.Version < 13) r.String();
        else r.Uuid();
        return r.Int32Array().Length;
    }
}

internal sealed record FetchResponse(ErrorCode Error, FetchResponse.Topic[] Topics) : IResponse
{
    public sealed record Topic(string? Name, Guid Id, Partition[] Partitions);

    public readonly record struct Partition(int Index, ErrorCode Error, long HighWatermark, long LogStartOffset, FileRegion? Records);

    public void Write(WireWriter w)
    {
        w.ThrottleTime();
        if (w.Version >= 7)
        {
            w.Error(Error);
            w.Int32(0); // session id 0: no incremental session, every request names all its partitions
        }
        w.Structs(Topics, static (w, topic) =>
        {
            if (w.Version < 13) w.String(topic.Name);
            else w.Uuid(topic.Id);
            w.Structs(topic.Partitions, WritePartition);
        });
    }

    private static void WritePartition(WireWriter w, Partition partition)
    {
        w.Int32(partition.Index);
        w.Error(partition.Error);
        w.Int64(partition.HighWatermark);
        w.Int64(partition.HighWatermark); // last stable offset: the same without transactions
        if (w.Version >= 5) w.Int64(partition.LogStartOffset);
        w.ArrayLength(0); // aborted transactions
        if (w.Version >= 11) w.Int32(-1); // preferred read replica
        w.Records(partition.Records);
    }
}
