using Local.Kafka.Protocol.Messages;

namespace Local.Kafka.Protocol;

/// <summary>A request that was understood.</summary>
internal interface IRequest;

/// <summary>An answer that can be written in every version of its API that <see cref="Api"/> lists.</summary>
internal interface IResponse
{
    void Write(WireWriter w);
}

/// <summary>One API of the protocol: the versions served, the first flexible one (KIP-482), and how to read its request.</summary>
internal sealed record Api(ApiKey Key, short Min, short Max, short Flexible, Api.ReadRequest Read)
{
    public delegate IRequest ReadRequest(ref WireReader reader);

    /// <summary>
    /// The ranges cover librdkafka 1.9 to 2.x, kafkajs 2.2, python-kafka 2.x and the Java client 3.x and 4.x (which asks for
    /// no version older than KIP-896 left). Produce 0 to 2 are listed because librdkafka takes their absence for a broker
    /// without compression; records in the formats that they were made for are refused one by one.
    /// </summary>
    public static readonly IReadOnlyList<Api> All =
    [
        new(ApiKey.Produce, 0, 12, 9, ProduceRequest.Read),
        new(ApiKey.Fetch, 4, 17, 12, FetchRequest.Read),
        new(ApiKey.ListOffsets, 1, 9, 6, ListOffsetsRequest.Read),
        new(ApiKey.Metadata, 0, 12, 9, MetadataRequest.Read),
        new(ApiKey.OffsetCommit, 0, 9, 8, OffsetCommitRequest.Read),
        new(ApiKey.OffsetFetch, 1, 9, 6, OffsetFetchRequest.Read),
        new(ApiKey.FindCoordinator, 0, 5, 3, FindCoordinatorRequest.Read),
        new(ApiKey.JoinGroup, 0, 9, 6, JoinGroupRequest.Read),
        new(ApiKey.Heartbeat, 0, 4, 4, HeartbeatRequest.Read),
        new(ApiKey.LeaveGroup, 0, 5, 4, LeaveGroupRequest.Read),
        new(ApiKey.SyncGroup, 0, 5, 4, SyncGroupRequest.Read),
        new(ApiKey.DescribeGroups, 0, 5, 5, DescribeGroupsRequest.Read),
        new(ApiKey.ListGroups, 0, 5, 3, ListGroupsRequest.Read),
        new(ApiKey.ApiVersions, 0, 4, 3, ApiVersionsRequest.Read),
        new(ApiKey.CreateTopics, 0, 7, 5, CreateTopicsRequest.Read),
        new(ApiKey.DeleteTopics, 0, 6, 4, DeleteTopicsRequest.Read),
        new(ApiKey.DeleteRecords, 0, 2, 2, DeleteRecordsRequest.Read),
        new(ApiKey.InitProducerId, 0, 5, 2, InitProducerIdRequest.Read),
        new(ApiKey.OffsetForLeaderEpoch, 0, 4, 4, OffsetForLeaderEpochRequest.Read),
        new(ApiKey.DescribeConfigs, 0, 4, 4, DescribeConfigsRequest.Read),
        new(ApiKey.CreatePartitions, 0, 3, 2, CreatePartitionsRequest.Read),
        new(ApiKey.DeleteGroups, 0, 2, 2, DeleteGroupsRequest.Read),
        new(ApiKey.DescribeCluster, 0, 1, 0, DescribeClusterRequest.Read),
    ];

    private static readonly Dictionary<short, Api> ByKey = All.ToDictionary(api => (short)api.Key);

    public static Api? Find(short key) => ByKey.GetValueOrDefault(key);

    public bool Serves(short version) => version >= Min && version <= Max;

    public bool IsFlexible(short version) => version >= Flexible;
}
