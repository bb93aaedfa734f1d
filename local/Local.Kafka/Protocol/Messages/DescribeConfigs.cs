namespace Local.Kafka.Protocol.Messages;

internal enum ConfigSource : sbyte
{
    Topic = 1,
    StaticBroker = 4,
    Default = 5,
}

internal enum ResourceType : sbyte
{
    Topic = 2,
    Broker = 4,
}

internal readonly record struct ConfigEntry(string Name, string Value, ConfigSource Source, bool ReadOnly);

internal sealed record DescribeConfigsRequest(DescribeConfigsRequest.Resource[] Resources) : IRequest
{
    /// <summary>Keys: null asks for all.</summary>
    public sealed record Resource(ResourceType Type, string Name, string[]? Keys);

    public static IRequest Read(ref WireReader r)
    {
        var resources = r.Structs(static (ref WireReader x) => new Resource(
            (ResourceType)x.Int8(),
            x.String(),
            x.NullableArray(static (ref WireReader k) => k.String())));
        if (r.Version >= 1) r.Bool(); // synonyms: there are none
        if (r.Version >= 3) r.Bool(); // documentation
        return new DescribeConfigsRequest(resources);
    }
}

internal sealed record DescribeConfigsResponse(DescribeConfigsResponse.Result[] Results) : IResponse
{
    public sealed record Result(ErrorCode Error, string? Message, ResourceType Type, string Name, IReadOnlyList<ConfigEntry> Configs);

    public void Write(WireWriter w)
    {
        w.ThrottleTime();
        w.Structs(Results, static (w, result) =>
        {
            w.Error(result.Error);
            w.String(result.Message);
            w.Int8((sbyte)result.Type);
            w.String(result.Name);
            w.Structs(result.Configs, WriteConfig);
        });
    }

    private static void WriteConfig(WireWriter w, ConfigEntry config)
    {
        w.String(config.Name);
        w.String(config.Value);
        w.Bool(config.ReadOnly);
        if (w.Version == 0) w.Bool(config.Source == ConfigSource.Default);
        else w.Int8((sbyte)config.Source);
        w.Bool(false); // sensitive
        if (w.Version >= 1) w.ArrayLength(0); // synonyms
        if (w.Version < 3) return;
        w.Int8(0); // type: unknown
        w.String(null); // documentation
    }
}
