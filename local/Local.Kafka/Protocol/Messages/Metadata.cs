namespace Local.Kafka.Protocol.Messages;

/// <summary>Topics: null asks for all.</summary>
internal sealed record MetadataRequest(MetadataRequest.Topic[]? Topics, bool AllowAutoCreate) : IRequest
{
    public readonly record struct Topic(Guid Id, string? Name);

    public static IRequest Read(ref WireReader r)
    {
        var topics = r.NullableStructs(static (ref WireReader t) => t.Version >= 10 ? new Topic(t.Uuid(), t.NullableString()) : new Topic(Guid.Empty, t.String()));
        if (r.Version == 0 && topics is []) topics = null; // version 0 has no null array: empty means all
        var allowAutoCreate = r.Version < 4 || r.Bool();
        if (r.Version is >= 8 and <= 10) r.Bool(); // cluster operations: no ACLs
        if (r.Version >= 8) r.Bool(); // topic operations
        return new MetadataRequest(topics, allowAutoCreate);
    }
}

internal sealed record MetadataResponse(Node Node, string ClusterId, MetadataResponse.Topic[] Topics) : IResponse
{
    /// <summary>KIP-430: the value that says "not asked, not known".</summary>
    public const int NoAuthorizedOperations = int.MinValue;

    public sealed record Topic(ErrorCode Error, string? Name, Guid Id, int Partitions);

    public void Write(WireWriter w)
    {
        w.ThrottleTime(since: 3);
        w.Structs([Node], static (w, node) => node.Write(w, withRack: w.Version >= 1));
        if (w.Version >= 2) w.String(ClusterId);
        if (w.Version >= 1) w.Int32(Node.Id);
        w.Structs(Topics, WriteTopic);
        if (w.Version is >= 8 and <= 10) w.Int32(NoAuthorizedOperations);
    }

    private void WriteTopic(WireWriter w, Topic topic)
    {
        w.Error(topic.Error);
        w.String(w.Version < 12 ? topic.Name ?? "" : topic.Name);
        if (w.Version >= 10) w.Uuid(topic.Id);
        if (w.Version >= 1) w.Bool(false); // internal
        w.ArrayLength(topic.Partitions);
        for (var index = 0; index < topic.Partitions; index++) WritePartition(w, index);
        if (w.Version >= 8) w.Int32(NoAuthorizedOperations);
    }

    private void WritePartition(WireWriter w, int index)
    {
        w.Error(ErrorCode.None);
        w.Int32(index);
        w.Int32(Node.Id);
        if (w.Version >= 7) w.Int32(Node.LeaderEpoch);
        w.Int32Array([Node.Id]); // replicas
        w.Int32Array([Node.Id]); // in sync
        if (w.Version >= 5) w.Int32Array([]); // offline
        w.NoTags();
    }
}
