using Local.Kafka.Log;
using Local.Kafka.Protocol;
using Local.Kafka.Protocol.Messages;

namespace Local.Kafka.Server;

/// <summary>Finding, creating, changing and deleting topics.</summary>
internal sealed class TopicApis(DataDirectory data, KafkaServerOptions options, Node node)
{
    private const short OnlyReplicationFactor = 1;
    private const int UseDefault = -1;

    private readonly TopicStore topics = data.Topics;

    public MetadataResponse Metadata(MetadataRequest request) => new(node, data.ClusterId,
        request.Topics is { } asked
            ? Array.ConvertAll(asked, topic => Describe(topic, request.AllowAutoCreate))
            : [.. topics.All.Select(Describe)]);

    public CreateTopicsResponse Create(CreateTopicsRequest request) => new(Array.ConvertAll(request.Topics, topic => Create(topic, request.ValidateOnly)));

    public DeleteTopicsResponse Delete(DeleteTopicsRequest request) => new(Array.ConvertAll(request.Topics, topic =>
    {
        var name = topic.Name ?? topics.Find(topic.Id)?.Name;
        if (name is null) return new DeleteTopicsResponse.Topic(null, topic.Id, ErrorCode.UnknownTopicId);
        var id = topics.Find(name)?.Id ?? topic.Id;
        if (!topics.TryDelete(name)) return new DeleteTopicsResponse.Topic(name, id, ErrorCode.UnknownTopicOrPartition);
        data.Offsets.DeleteTopic(name);
        return new DeleteTopicsResponse.Topic(name, id, ErrorCode.None);
    }));

    public CreatePartitionsResponse CreatePartitions(CreatePartitionsRequest request) => new(Array.ConvertAll(request.Topics, topic =>
        new CreatePartitionsResponse.Topic(topic.Name, topics.AddPartitions(topic.Name, topic.Count, request.ValidateOnly), Message: null)));

    public DescribeConfigsResponse DescribeConfigs(DescribeConfigsRequest request) => new(Array.ConvertAll(request.Resources, resource =>
    {
        IReadOnlyList<ConfigEntry>? configs = resource.Type switch
        {
            ResourceType.Topic => topics.Find(resource.Name)?.Config.Describe(topics.Defaults),
            ResourceType.Broker => DescribeBroker(),
            _ => null,
        };
        if (configs is null)
        {
            var error = resource.Type == ResourceType.Topic ? ErrorCode.UnknownTopicOrPartition : ErrorCode.InvalidRequest;
            return new DescribeConfigsResponse.Result(error, "There is no such resource.", resource.Type, resource.Name, []);
        }
        return new DescribeConfigsResponse.Result(ErrorCode.None, null, resource.Type, resource.Name,
            [.. configs.Where(config => resource.Keys is null or [] || resource.Keys.Contains(config.Name, StringComparer.Ordinal))]);
    }));

    private CreateTopicsResponse.Topic Create(CreateTopicsRequest.Topic asked, bool validateOnly)
    {
        if (asked.ReplicationFactor is not (UseDefault or OnlyReplicationFactor) && asked.AssignedPartitions.Length == 0)
            return Refuse(ErrorCode.InvalidReplicationFactor, "This broker is the only one: the replication factor is 1.");
        var partitions = asked.AssignedPartitions.Length > 0 ? asked.AssignedPartitions.Length
            : asked.Partitions == UseDefault ? options.DefaultPartitions
            : asked.Partitions;
        var (config, problem) = topics.Defaults.With(asked.Configs);
        if (config is null) return Refuse(ErrorCode.InvalidConfig, problem);
        if (validateOnly)
        {
            var verdict = topics.CanCreate(asked.Name, partitions);
            return verdict == ErrorCode.None
                ? new CreateTopicsResponse.Topic(asked.Name, Guid.Empty, verdict, null, partitions, config.Describe(topics.Defaults))
                : Refuse(verdict, null);
        }
        var (error, topic) = topics.Create(asked.Name, partitions, config);
        return error == ErrorCode.None
            ? new CreateTopicsResponse.Topic(asked.Name, topic!.Id, error, null, partitions, config.Describe(topics.Defaults))
            : Refuse(error, null);

        CreateTopicsResponse.Topic Refuse(ErrorCode code, string? message) => new(asked.Name, Guid.Empty, code, message ?? code.ToString(), 0, []);
    }

    private MetadataResponse.Topic Describe(MetadataRequest.Topic asked, bool allowAutoCreate)
    {
        if (asked.Name is not { } name)
            return topics.Find(asked.Id) is { } known ? Describe(known) : new MetadataResponse.Topic(ErrorCode.UnknownTopicId, null, asked.Id, 0);
        if (topics.Find(name) is { } topic) return Describe(topic);
        if (!allowAutoCreate || !options.AutoCreateTopics) return new MetadataResponse.Topic(ErrorCode.UnknownTopicOrPartition, name, Guid.Empty, 0);
        var (error, created) = topics.Create(name, options.DefaultPartitions, topics.Defaults);
        return created is not null ? Describe(created) : new MetadataResponse.Topic(error, name, Guid.Empty, 0);
    }

    private static MetadataResponse.Topic Describe(Topic topic) => new(ErrorCode.None, topic.Name, topic.Id, topic.Partitions.Count);

    private IReadOnlyList<ConfigEntry> DescribeBroker() =>
    [
        .. topics.Defaults.Describe(topics.Defaults),
        Setting("auto.create.topics.enable", options.AutoCreateTopics ? "true" : "false"),
        Setting("num.partitions", options.DefaultPartitions.ToString()),
        Setting("default.replication.factor", "1"),
        Setting("max.connections", options.MaxConnections.ToString()),
        Setting("socket.request.max.bytes", options.MaxRequestBytes.ToString()),
    ];

    private static ConfigEntry Setting(string name, string value) => new(name, value, ConfigSource.StaticBroker, ReadOnly: true);
}
