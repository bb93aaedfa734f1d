namespace Local.Kafka.Protocol.Messages;

internal sealed record CreateTopicsRequest(CreateTopicsRequest.Topic[] Topics, bool ValidateOnly) : IRequest
{
    public sealed record Topic(string Name, int Partitions, short ReplicationFactor, int[] AssignedPartitions, Config[] Configs);

    public readonly record struct Config(string Name, string? Value);

    public static IRequest Read(ref WireReader r)
    {
        var topics = r.Structs(static (ref WireReader t) => new Topic(
            t.String(),
            t.Int32(),
            t.Int16(),
            t.Structs(ReadAssignment),
            t.Structs(static (ref WireReader c) => new Config(c.String(), c.NullableString()))));
        r.Int32(); // timeout: creation is immediate
        return new CreateTopicsRequest(topics, r.Version >= 1 && r.Bool());
    }

    private static int ReadAssignment(ref WireReader r)
    {
        var partition = r.Int32();
        r.Int32Array(); // there is one broker
        return partition;
    }
}

internal sealed record CreateTopicsResponse(CreateTopicsResponse.Topic[] Topics) : IResponse
{
    public sealed record Topic(string Name, Guid Id, ErrorCode Error, string? Message, int Partitions, IReadOnlyList<ConfigEntry> Configs);

    public void Write(WireWriter w)
    {
        w.ThrottleTime(since: 2);
        w.Structs(Topics, static (w, topic) =>
        {
            w.String(topic.Name);
            if (w.Version >= 7) w.Uuid(topic.Id);
            w.Error(topic.Error);
            if (w.Version >= 1) w.String(topic.Message);
            if (w.Version < 5) return;
            w.Int32(topic.Error == ErrorCode.None ? topic.Partitions : -1);
            w.Int16(topic.Error == ErrorCode.None ? (short)1 : (short)-1);
            w.Structs(topic.Configs, static (w, config) =>
            {
                w.String(config.Name);
                w.String(config.Value);
                w.Bool(config.ReadOnly);
                w.Int8((sbyte)config.Source);
                w.Bool(false); // sensitive
            });
        });
    }
}
