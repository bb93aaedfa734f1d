using Local.Kafka.Protocol;
using Local.Kafka.Protocol.Messages;

namespace Local.Kafka.Groups;

/// <summary>
/// The members of one consumer group and their rebalances: Kafka's classic group coordinator, in which the broker keeps
/// time and generations, and the leader among the members computes the assignment. This part: what members ask for.
/// </summary>
internal sealed partial class Group(string id, TimeProvider time, int maxMembers)
{
    private readonly Lock gate = new();
    private readonly Dictionary<string, Member> members = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> memberOfInstance = new(StringComparer.Ordinal);

    /// <summary>Ids that were handed out and not yet used (KIP-394).</summary>
    private readonly Dictionary<string, ITimer> promised = new(StringComparer.Ordinal);

    private int generation;
    private string? protocolType;
    private string? protocolName;
    private string leader = "";

    public string Id { get; } = id;

    public GroupState State { get; private set; } = GroupState.Empty;

    public async Task<JoinGroupResponse> JoinAsync(JoinGroupRequest request, Client client)
    {
        Task<JoinGroupResponse> answer;
        lock (gate) answer = Join(request, client);
        return await answer;
    }

    public async Task<SyncGroupResponse> SyncAsync(SyncGroupRequest request)
    {
        Task<SyncGroupResponse> answer;
        lock (gate) answer = Sync(request);
        return await answer;
    }

    public ErrorCode Heartbeat(HeartbeatRequest request)
    {
        lock (gate)
        {
            var error = CheckMember(request.MemberId, request.InstanceId, request.Generation);
            if (error != ErrorCode.None) return error;
            RestartSession(members[request.MemberId]);
            return State == GroupState.PreparingRebalance ? ErrorCode.RebalanceInProgress : ErrorCode.None;
        }
    }

    public ErrorCode Leave(LeaveGroupRequest.Member leaving)
    {
        lock (gate)
        {
            if (State == GroupState.Dead) return ErrorCode.UnknownMemberId;
            var memberId = leaving.Id;
            if (leaving.InstanceId is { } instance)
            {
                if (!memberOfInstance.TryGetValue(instance, out var current)) return ErrorCode.UnknownMemberId;
                if (memberId.Length > 0 && memberId != current) return ErrorCode.FencedInstanceId;
                memberId = current;
            }
            if (promised.Remove(memberId, out var promise))
            {
                promise.Dispose();
                CompleteJoinIfAllAreHere();
                return ErrorCode.None;
            }
            if (!members.TryGetValue(memberId, out var member)) return ErrorCode.UnknownMemberId;
            Remove(member, ErrorCode.UnknownMemberId);
            return ErrorCode.None;
        }
    }

    /// <summary>Whether this committer may move the group's offsets now. Without members anybody may: tools and manual assignment do.</summary>
    public ErrorCode CheckCommit(OffsetCommitRequest request)
    {
        lock (gate)
        {
            if (State == GroupState.Dead) return ErrorCode.UnknownMemberId;
            if (request.Generation < 0 && State == GroupState.Empty) return ErrorCode.None;
            var error = CheckMember(request.MemberId, request.InstanceId, request.Generation);
            if (error != ErrorCode.None) return error;
            RestartSession(members[request.MemberId]);
            return State == GroupState.CompletingRebalance ? ErrorCode.RebalanceInProgress : ErrorCode.None;
        }
    }

    public DescribeGroupsResponse.Group Describe()
    {
        lock (gate)
        {
            return new DescribeGroupsResponse.Group(ErrorCode.None, Id, State.ToString(), protocolType ?? "", protocolName ?? "",
            [
                .. members.Values.Select(member => new DescribeGroupsResponse.Member(
                    member.Id, member.InstanceId, member.Client.Id, member.Client.Host, member.MetadataFor(protocolName), member.Assignment)),
            ]);
        }
    }

    /// <summary>Ends the group if nobody is in it.</summary>
    public bool TryDelete()
    {
        lock (gate)
        {
            if (State != GroupState.Empty || promised.Count > 0) return false;
            State = GroupState.Dead;
            return true;
        }
    }

    private Task<JoinGroupResponse> Join(JoinGroupRequest request, Client client)
    {
        if (State == GroupState.Dead) return Refuse(ErrorCode.UnknownMemberId, request.MemberId);
        if (request.ProtocolType.Length == 0 || request.Protocols.Length == 0 || !FitsProtocols(request)) return Refuse(ErrorCode.InconsistentGroupProtocol, request.MemberId);
        if (request.MemberId.Length == 0) return JoinAsNewcomer(request, client);

        if (promised.Remove(request.MemberId, out var promise))
        {
            promise.Dispose();
            return Admit(request, request.MemberId, client);
        }
        var error = CheckIdentity(request.MemberId, request.InstanceId);
        return error == ErrorCode.None ? Rejoin(members[request.MemberId], request) : Refuse(error, request.MemberId);
    }

    private Task<JoinGroupResponse> JoinAsNewcomer(JoinGroupRequest request, Client client)
    {
        if (request.InstanceId is { } instance && memberOfInstance.TryGetValue(instance, out var predecessor))
            return Replace(members[predecessor], request, client);
        if (members.Count + promised.Count >= maxMembers) return Refuse(ErrorCode.GroupMaxSizeReached, "");
        var memberId = $"{request.InstanceId ?? client.Id}-{Guid.CreateVersion7()}";
        if (request.InstanceId is not null || !request.AnswersMemberIdRequired) return Admit(request, memberId, client);

        promised[memberId] = time.CreateTimer(_ => BreakPromise(memberId), null, TimeSpan.FromMilliseconds(request.SessionTimeoutMs), Timeout.InfiniteTimeSpan);
        return Refuse(ErrorCode.MemberIdRequired, memberId);
    }

    private Task<JoinGroupResponse> Admit(JoinGroupRequest request, string memberId, Client client)
    {
        var member = new Member(memberId, request, client);
        member.Update(request);
        members[memberId] = member;
        if (request.InstanceId is { } instance) memberOfInstance[instance] = memberId;
        protocolType = request.ProtocolType;
        if (leader.Length == 0) leader = memberId;
        var answer = member.AwaitJoin();
        StartRebalance();
        return answer;
    }

    private Task<JoinGroupResponse> Rejoin(Member member, JoinGroupRequest request)
    {
        var nothingNew = member.HasSameProtocols(request)
            && (State == GroupState.CompletingRebalance || (State == GroupState.Stable && member.Id != leader));
        member.Update(request);
        if (nothingNew)
        {
            RestartSession(member); // its first answer was lost
            return Task.FromResult(Joined(member));
        }
        var answer = member.AwaitJoin();
        StartRebalance();
        return answer;
    }

    /// <summary>KIP-345: a static member came back under its instance id; it takes the old one's place, and a stable group stays undisturbed.</summary>
    private Task<JoinGroupResponse> Replace(Member old, JoinGroupRequest request, Client client)
    {
        var member = new Member($"{request.InstanceId}-{Guid.CreateVersion7()}", request, client) { Assignment = old.Assignment };
        member.Update(request);
        var formerLeader = leader;
        members.Remove(old.Id);
        members[member.Id] = member;
        memberOfInstance[request.InstanceId!] = member.Id;
        if (leader == old.Id) leader = member.Id;
        old.Dismiss(ErrorCode.FencedInstanceId);

        if (State == GroupState.Stable && SelectProtocol() == protocolName)
        {
            RestartSession(member);
            var joined = Joined(member);
            // A client that cannot be told to skip the assignment must not believe that it leads: nobody would get what it computes.
            return Task.FromResult(request.UnderstandsSkipAssignment
                ? joined with { SkipAssignment = leader == member.Id }
                : joined with { Leader = formerLeader, Members = [] });
        }
        var answer = member.AwaitJoin();
        StartRebalance();
        return answer;
    }

    private Task<SyncGroupResponse> Sync(SyncGroupRequest request)
    {
        var error = CheckMember(request.MemberId, request.InstanceId, request.Generation);
        if (error == ErrorCode.None && ((request.ProtocolType ?? protocolType) != protocolType || (request.ProtocolName ?? protocolName) != protocolName))
            error = ErrorCode.InconsistentGroupProtocol;
        if (error == ErrorCode.None && State == GroupState.PreparingRebalance) error = ErrorCode.RebalanceInProgress;
        if (error != ErrorCode.None) return Task.FromResult(SyncGroupResponse.Failed(error));

        var member = members[request.MemberId];
        if (State == GroupState.Stable)
        {
            RestartSession(member);
            return Task.FromResult(Synced(member));
        }
        var answer = member.AwaitSync();
        StopSession(member);
        if (member.Id == leader) TakeAssignment(request.Assignments);
        return answer;
    }

    private ErrorCode CheckMember(string memberId, string? instanceId, int memberGeneration)
    {
        var error = CheckIdentity(memberId, instanceId);
        return error == ErrorCode.None && memberGeneration != generation ? ErrorCode.IllegalGeneration : error;
    }

    private ErrorCode CheckIdentity(string memberId, string? instanceId)
    {
        if (State == GroupState.Dead) return ErrorCode.UnknownMemberId;
        if (instanceId is not null)
        {
            if (!memberOfInstance.TryGetValue(instanceId, out var current)) return ErrorCode.UnknownMemberId;
            if (current != memberId) return ErrorCode.FencedInstanceId;
        }
        return members.ContainsKey(memberId) ? ErrorCode.None : ErrorCode.UnknownMemberId;
    }

    private static Task<JoinGroupResponse> Refuse(ErrorCode error, string memberId) => Task.FromResult(JoinGroupResponse.Failed(error, memberId));
}
