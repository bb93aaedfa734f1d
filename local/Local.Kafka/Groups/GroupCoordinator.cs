using System.Collections.Concurrent;
using Local.Kafka.Protocol;
using Local.Kafka.Protocol.Messages;

namespace Local.Kafka.Groups;

/// <summary>All consumer groups of this broker.</summary>
internal sealed class GroupCoordinator(OffsetStore offsets, KafkaServerOptions options, TimeProvider time)
{
    private const int MaxMetadataLength = 4096;
    private const string ConsumerProtocol = "consumer";

    private readonly ConcurrentDictionary<string, Group> groups = new(StringComparer.Ordinal);

    public Task<JoinGroupResponse> JoinAsync(JoinGroupRequest request, Client client)
    {
        var error = ErrorCode.None;
        if (request.GroupId.Length == 0) error = ErrorCode.InvalidGroupId;
        else if (request.SessionTimeoutMs < options.MinSessionTimeout.TotalMilliseconds || request.SessionTimeoutMs > options.MaxSessionTimeout.TotalMilliseconds)
            error = ErrorCode.InvalidSessionTimeout;
        if (error == ErrorCode.None && (request.MemberId.Length == 0 ? FindOrCreate(request.GroupId) : Find(request.GroupId)) is { } group)
            return group.JoinAsync(request, client);
        if (error == ErrorCode.None) error = request.MemberId.Length == 0 ? ErrorCode.GroupMaxSizeReached : ErrorCode.UnknownMemberId;
        return Task.FromResult(JoinGroupResponse.Failed(error, request.MemberId));
    }

    public Task<SyncGroupResponse> SyncAsync(SyncGroupRequest request) =>
        Find(request.GroupId)?.SyncAsync(request) ?? Task.FromResult(SyncGroupResponse.Failed(ErrorCode.UnknownMemberId));

    public HeartbeatResponse Heartbeat(HeartbeatRequest request) => new(Find(request.GroupId)?.Heartbeat(request) ?? ErrorCode.UnknownMemberId);

    public LeaveGroupResponse Leave(LeaveGroupRequest request)
    {
        var group = Find(request.GroupId);
        return new LeaveGroupResponse(ErrorCode.None,
            [.. request.Members.Select(member => new LeaveGroupResponse.Member(member.Id, member.InstanceId, group?.Leave(member) ?? ErrorCode.UnknownMemberId))]);
    }

    public OffsetCommitResponse Commit(OffsetCommitRequest request, Func<string, int, bool> partitionExists)
    {
        var error = request.GroupId.Length == 0 ? ErrorCode.InvalidGroupId
            : FindOrCreate(request.GroupId) is { } group ? group.CheckCommit(request)
            : ErrorCode.GroupMaxSizeReached;
        var now = time.GetUtcNow().ToUnixTimeMilliseconds();
        var accepted = new List<(OffsetKey, CommittedOffset)>();
        var topics = Array.ConvertAll(request.Topics, topic => new OffsetCommitResponse.Topic(topic.Name, Array.ConvertAll(topic.Partitions, partition =>
        {
            var verdict = error;
            if (verdict == ErrorCode.None && !partitionExists(topic.Name, partition.Index)) verdict = ErrorCode.UnknownTopicOrPartition;
            if (verdict == ErrorCode.None && partition.Metadata?.Length > MaxMetadataLength) verdict = ErrorCode.OffsetMetadataTooLarge;
            if (verdict == ErrorCode.None)
                accepted.Add((new OffsetKey(request.GroupId, topic.Name, partition.Index), new CommittedOffset(partition.Offset, partition.LeaderEpoch, partition.Metadata, now)));
            return new OffsetCommitResponse.Partition(partition.Index, verdict);
        })));
        offsets.Commit(accepted);
        return new OffsetCommitResponse(topics);
    }

    public OffsetFetchResponse FetchOffsets(OffsetFetchRequest request) =>
        new(Array.ConvertAll(request.Groups, group => new OffsetFetchResponse.Group(group.Id, ErrorCode.None, group.Topics is null ? AllOffsets(group.Id) : Offsets(group.Id, group.Topics))));

    public DescribeGroupsResponse Describe(DescribeGroupsRequest request) => new(Array.ConvertAll(request.GroupIds, id =>
        Find(id)?.Describe() ?? new DescribeGroupsResponse.Group(ErrorCode.None, id, (offsets.Knows(id) ? GroupState.Empty : GroupState.Dead).ToString(), "", "", [])));

    public ListGroupsResponse List(ListGroupsRequest request)
    {
        var known = groups.Values.Select(group => group.Describe())
            .Select(group => new ListGroupsResponse.Group(group.Id, group.ProtocolType, group.State))
            .Concat(offsets.Groups.Where(id => !groups.ContainsKey(id)).Select(id => new ListGroupsResponse.Group(id, ConsumerProtocol, nameof(GroupState.Empty))));
        return new ListGroupsResponse([.. known
            .Where(group => request.States.Length == 0 || request.States.Contains(group.State, StringComparer.OrdinalIgnoreCase))
            .Where(_ => request.Types.Length == 0 || request.Types.Contains(ListGroupsResponse.ClassicType, StringComparer.OrdinalIgnoreCase))]);
    }

    public DeleteGroupsResponse Delete(DeleteGroupsRequest request) => new(Array.ConvertAll(request.GroupIds, id =>
    {
        var group = Find(id);
        if (group?.TryDelete() == false) return new DeleteGroupsResponse.Group(id, ErrorCode.NonEmptyGroup);
        groups.TryRemove(id, out _);
        return new DeleteGroupsResponse.Group(id, offsets.DeleteGroup(id) || group is not null ? ErrorCode.None : ErrorCode.GroupIdNotFound);
    }));

    /// <summary>Forgets groups that have had neither members nor commits for the retention time.</summary>
    public void EnforceRetention(DateTimeOffset now)
    {
        var limit = (now - options.OffsetsRetention).ToUnixTimeMilliseconds();
        foreach (var id in offsets.Groups.Union(groups.Keys, StringComparer.Ordinal))
        {
            if (offsets.LastCommit(id) >= limit || Find(id)?.TryDelete() == false) continue;
            groups.TryRemove(id, out _);
            offsets.DeleteGroup(id);
        }
    }

    private Group? Find(string id) => groups.GetValueOrDefault(id);

    private Group? FindOrCreate(string id)
    {
        if (groups.TryGetValue(id, out var group)) return group;
        return groups.Count >= options.MaxGroups ? null : groups.GetOrAdd(id, new Group(id, time, options.MaxGroupMembers));
    }

    private OffsetFetchResponse.Topic[] Offsets(string group, OffsetFetchRequest.Topic[] topics) =>
        Array.ConvertAll(topics, topic => new OffsetFetchResponse.Topic(topic.Name, Array.ConvertAll(topic.Partitions, index => Answer(index, offsets.Find(new OffsetKey(group, topic.Name, index))))));

    private OffsetFetchResponse.Topic[] AllOffsets(string group) =>
        [.. offsets.FindAll(group).GroupBy(entry => entry.Topic, StringComparer.Ordinal)
            .Select(topic => new OffsetFetchResponse.Topic(topic.Key, [.. topic.Select(entry => Answer(entry.Partition, entry.Offset))]))];

    private static OffsetFetchResponse.Partition Answer(int index, in CommittedOffset offset) => new(index, offset.Offset, offset.LeaderEpoch, offset.Metadata ?? "");
}
