using Local.Kafka.Groups;
using Local.Kafka.Log;
using Local.Kafka.Protocol;
using Local.Kafka.Protocol.Messages;
using Microsoft.Extensions.Logging;

namespace Local.Kafka.Server;

/// <summary>What happens to each request: the map from the protocol to the parts of the broker.</summary>
internal sealed class Broker(DataDirectory data, GroupCoordinator groups, KafkaServerOptions options, Node node, TimeProvider time, ILoggerFactory loggers)
{
    private readonly RecordApis records = new(data.Topics, time, loggers.CreateLogger<RecordApis>());
    private readonly TopicApis topics = new(data, options, node);

    public ValueTask<IResponse> HandleAsync(IRequest request, Client client, CancellationToken ct) => request switch
    {
        ProduceRequest produce => new(records.Produce(produce)),
        FetchRequest fetch => records.FetchAsync(fetch, ct),
        JoinGroupRequest join => Await(groups.JoinAsync(join, client), ct),
        SyncGroupRequest sync => Await(groups.SyncAsync(sync), ct),
        _ => new(Handle(request)),
    };

    private IResponse Handle(IRequest request) => request switch
    {
        ApiVersionsRequest => new ApiVersionsResponse(ErrorCode.None),
        MetadataRequest metadata => topics.Metadata(metadata),
        DescribeClusterRequest => new DescribeClusterResponse(data.ClusterId, node),
        CreateTopicsRequest create => topics.Create(create),
        DeleteTopicsRequest delete => topics.Delete(delete),
        CreatePartitionsRequest create => topics.CreatePartitions(create),
        DescribeConfigsRequest describe => topics.DescribeConfigs(describe),
        DeleteRecordsRequest delete => records.DeleteRecords(delete),
        ListOffsetsRequest list => records.ListOffsets(list),
        OffsetForLeaderEpochRequest epoch => records.OffsetForLeaderEpoch(epoch),
        InitProducerIdRequest init => InitProducerId(init),
        FindCoordinatorRequest find => FindCoordinator(find),
        HeartbeatRequest heartbeat => groups.Heartbeat(heartbeat),
        LeaveGroupRequest leave => groups.Leave(leave),
        OffsetCommitRequest commit => groups.Commit(commit, (topic, partition) => data.Topics.FindPartition(topic, partition) is not null),
        OffsetFetchRequest fetch => groups.FetchOffsets(fetch),
        DescribeGroupsRequest describe => groups.Describe(describe),
        ListGroupsRequest list => groups.List(list),
        DeleteGroupsRequest delete => groups.Delete(delete),
        _ => throw new InvalidOperationException($"{request.GetType().Name} is read, but nobody handles it."),
    };

    private FindCoordinatorResponse FindCoordinator(FindCoordinatorRequest request) => request.KeyType == FindCoordinatorRequest.GroupKey
        ? new FindCoordinatorResponse(ErrorCode.None, Message: null, node, request.Keys)
        : new FindCoordinatorResponse(ErrorCode.TransactionalIdAuthorizationFailed, "Transactions are not supported by this broker.", node, request.Keys);

    private InitProducerIdResponse InitProducerId(InitProducerIdRequest request)
    {
        // Refused in a way that clients take for final: with any other error they would ask for ever.
        if (request.TransactionalId is not null) return new InitProducerIdResponse(ErrorCode.TransactionalIdAuthorizationFailed, -1, -1);
        return request is { ProducerId: >= 0, Epoch: >= 0 and < short.MaxValue }
            ? new InitProducerIdResponse(ErrorCode.None, request.ProducerId, (short)(request.Epoch + 1))
            : new InitProducerIdResponse(ErrorCode.None, data.ProducerIds.Next(), 0);
    }

    private static async ValueTask<IResponse> Await<T>(Task<T> answer, CancellationToken ct) where T : IResponse => await answer.WaitAsync(ct);
}
