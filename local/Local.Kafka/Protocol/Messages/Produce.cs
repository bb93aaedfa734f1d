namespace Local.Kafka.Protocol.Messages;

internal sealed record ProduceRequest(string? TransactionalId, short Acks, ProduceRequest.Topic[] Topics) : IRequest
{
    public sealed record Topic(string Name, Partition[] Partitions);

    public readonly record struct Partition(int Index, Memory<byte>? Records);

    public static IRequest Read(ref WireReader r)
    {
        var transactionalId = r.Version >= 3 ? r.NullableString() : null;
        var acks = r.Int16();
        r.Int32(); // timeout: a single node has no one to wait for
        return new ProduceRequest(transactionalId, acks, r.Structs(static (ref WireReader t) => new Topic(
            t.String(),
            t.Structs(static (ref WireReader p) => new Partition(p.Int32(), p.NullableBytes())))));
    }
}

internal sealed record ProduceResponse(ProduceResponse.Topic[] Topics) : IResponse
{
    public sealed record Topic(string Name, Partition[] Partitions);

    public readonly record struct Partition(int Index, ErrorCode Error, long BaseOffset, long LogStartOffset, string? Message);

    public bool HasError => Array.Exists(Topics, topic => Array.Exists(topic.Partitions, partition => partition.Error != ErrorCode.None));

    public void Write(WireWriter w)
    {
        w.Structs(Topics, static (w, topic) =>
        {
            w.String(topic.Name);
            w.Structs(topic.Partitions, WritePartition);
        });
        w.ThrottleTime(since: 1);
    }

    private static void WritePartition(WireWriter w, Partition partition)
    {
        w.Int32(partition.Index);
        w.Error(partition.Error);
        w.Int64(partition.BaseOffset);
        if (w.Version >= 2) w.Int64(-1); // log append time: records keep the time that their producer gave them
        if (w.Version >= 5) w.Int64(partition.LogStartOffset);
        if (w.Version < 8) return;
        w.ArrayLength(0); // errors by record
        w.String(partition.Message);
    }
}
