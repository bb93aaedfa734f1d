using Local.Kafka.Protocol;
using Local.Kafka.Protocol.Messages;

namespace Local.Kafka.Groups;

/// <summary>Who sits at the other end of a connection, as DescribeGroups shows it.</summary>
internal readonly record struct Client(string Id, string Host);

/// <summary>One consumer of a group, with the answers that it waits for.</summary>
internal sealed class Member(string id, JoinGroupRequest request, Client client)
{
    private TaskCompletionSource<JoinGroupResponse>? join;
    private TaskCompletionSource<SyncGroupResponse>? sync;

    public string Id { get; } = id;

    public string? InstanceId { get; } = request.InstanceId;

    public Client Client { get; } = client;

    public TimeSpan SessionTimeout { get; private set; }

    public TimeSpan RebalanceTimeout { get; private set; }

    public JoinGroupRequest.Protocol[] Protocols { get; private set; } = request.Protocols;

    public byte[] Assignment { get; set; } = [];

    /// <summary>Runs out when no heartbeat came for the session timeout.</summary>
    public ITimer? Session { get; set; }

    public bool AwaitsJoin => join is not null;

    public bool AwaitsSync => sync is not null;

    /// <summary>A member that the coordinator keeps waiting cannot send heartbeats.</summary>
    public bool IsKeptWaiting => AwaitsJoin || AwaitsSync;

    public void Update(JoinGroupRequest request)
    {
        Protocols = request.Protocols;
        SessionTimeout = TimeSpan.FromMilliseconds(request.SessionTimeoutMs);
        RebalanceTimeout = TimeSpan.FromMilliseconds(Math.Max(request.RebalanceTimeoutMs, 0));
    }

    public bool HasSameProtocols(JoinGroupRequest request) =>
        Protocols.Length == request.Protocols.Length
        && Protocols.Zip(request.Protocols).All(pair => pair.First.Name == pair.Second.Name && pair.First.Metadata.AsSpan().SequenceEqual(pair.Second.Metadata));

    public byte[] MetadataFor(string? protocol) => Array.Find(Protocols, candidate => candidate.Name == protocol)?.Metadata ?? [];

    public Task<JoinGroupResponse> AwaitJoin()
    {
        join?.TrySetResult(JoinGroupResponse.Failed(ErrorCode.RebalanceInProgress, Id)); // an older request on another connection
        join = new TaskCompletionSource<JoinGroupResponse>(TaskCreationOptions.RunContinuationsAsynchronously);
        return join.Task;
    }

    public Task<SyncGroupResponse> AwaitSync()
    {
        sync?.TrySetResult(SyncGroupResponse.Failed(ErrorCode.RebalanceInProgress));
        sync = new TaskCompletionSource<SyncGroupResponse>(TaskCreationOptions.RunContinuationsAsynchronously);
        return sync.Task;
    }

    public void AnswerJoin(JoinGroupResponse response)
    {
        join?.TrySetResult(response);
        join = null;
    }

    public void AnswerSync(SyncGroupResponse response)
    {
        sync?.TrySetResult(response);
        sync = null;
    }

    /// <summary>Tells whoever still waits under this id that it is over.</summary>
    public void Dismiss(ErrorCode error)
    {
        Session?.Dispose();
        AnswerJoin(JoinGroupResponse.Failed(error, Id));
        AnswerSync(SyncGroupResponse.Failed(error));
    }
}
