using Local.Kafka.Protocol;
using Local.Kafka.Protocol.Messages;

namespace Local.Kafka.Groups;

/// <summary>This part: how the group moves from one generation to the next. Everything here runs under the gate.</summary>
internal sealed partial class Group
{
    private ITimer? rebalanceTimer;

    /// <summary>Counts rebalance timers, so that one that fires late does nothing.</summary>
    private int rebalance;

    private void StartRebalance()
    {
        if (State == GroupState.CompletingRebalance)
        {
            foreach (var member in members.Values)
            {
                member.AnswerSync(SyncGroupResponse.Failed(ErrorCode.RebalanceInProgress));
                member.Assignment = [];
            }
        }
        if (State != GroupState.PreparingRebalance)
        {
            State = GroupState.PreparingRebalance;
            StartRebalanceTimer();
        }
        foreach (var member in members.Values)
        {
            if (member.IsKeptWaiting) StopSession(member);
            else if (member.Session is null) RestartSession(member);
        }
        CompleteJoinIfAllAreHere();
    }

    private void CompleteJoinIfAllAreHere()
    {
        if (State == GroupState.PreparingRebalance && promised.Count == 0 && members.Values.All(member => member.AwaitsJoin)) CompleteJoin();
    }

    /// <summary>Begins a generation with those who came. Static members may be away for their session timeout and keep their place.</summary>
    private void CompleteJoin()
    {
        foreach (var absent in members.Values.Where(member => !member.AwaitsJoin && member.InstanceId is null).ToList()) Forget(absent, ErrorCode.UnknownMemberId);
        if (members.Count == 0)
        {
            BecomeEmpty();
            return;
        }
        if (members.Values.FirstOrDefault(member => member.AwaitsJoin) is not { } present)
        {
            StartRebalanceTimer(); // only static members, and all away: wait on
            return;
        }
        if (!members.TryGetValue(leader, out var led) || !led.AwaitsJoin) leader = present.Id;

        generation++;
        protocolName = SelectProtocol();
        State = GroupState.CompletingRebalance;
        StartRebalanceTimer();
        foreach (var member in members.Values)
        {
            member.AnswerJoin(Joined(member));
            RestartSession(member);
        }
    }

    private void TakeAssignment(SyncGroupRequest.Assignment[] assignments)
    {
        var byMember = assignments.ToLookup(assignment => assignment.MemberId, assignment => assignment.Bytes);
        State = GroupState.Stable;
        StopRebalanceTimer();
        foreach (var member in members.Values)
        {
            member.Assignment = byMember[member.Id].FirstOrDefault() ?? [];
            if (!member.AwaitsSync) continue;
            member.AnswerSync(Synced(member));
            RestartSession(member);
        }
    }

    private void Remove(Member member, ErrorCode error)
    {
        Forget(member, error);
        if (State is GroupState.Stable or GroupState.CompletingRebalance) StartRebalance();
        else CompleteJoinIfAllAreHere();
    }

    private void Forget(Member member, ErrorCode error)
    {
        members.Remove(member.Id);
        if (member.InstanceId is { } instance && memberOfInstance.GetValueOrDefault(instance) == member.Id) memberOfInstance.Remove(instance);
        if (leader == member.Id) leader = members.Values.FirstOrDefault(other => other.AwaitsJoin)?.Id ?? members.Keys.FirstOrDefault() ?? "";
        member.Dismiss(error);
    }

    private void BecomeEmpty()
    {
        generation++;
        State = GroupState.Empty;
        StopRebalanceTimer();
        protocolName = null;
        leader = "";
    }

    private JoinGroupResponse Joined(Member member) => new(
        ErrorCode.None, generation, protocolType, protocolName, leader, member.Id,
        member.Id == leader
            ? [.. members.Values.Select(other => new JoinGroupResponse.Member(other.Id, other.InstanceId, other.MetadataFor(protocolName)))]
            : []);

    private SyncGroupResponse Synced(Member member) => new(ErrorCode.None, protocolType, protocolName, member.Assignment);

    private bool FitsProtocols(JoinGroupRequest request)
    {
        var others = members.Values.Where(member => member.Id != request.MemberId).ToList();
        if (others.Count == 0) return true;
        return request.ProtocolType == protocolType
            && request.Protocols.Any(protocol => others.TrueForAll(other => Array.Exists(other.Protocols, own => own.Name == protocol.Name)));
    }

    /// <summary>Of the protocols that all members know, the one that most of them like best.</summary>
    private string? SelectProtocol()
    {
        var common = members.Values
            .Select(member => member.Protocols.Select(protocol => protocol.Name))
            .Aggregate((all, names) => all.Intersect(names, StringComparer.Ordinal))
            .ToHashSet(StringComparer.Ordinal);
        return members.Values
            .Select(member => Array.Find(member.Protocols, protocol => common.Contains(protocol.Name))?.Name)
            .GroupBy(name => name, StringComparer.Ordinal)
            .MaxBy(votes => votes.Count())?.Key;
    }

    private void RestartSession(Member member)
    {
        if (member.IsKeptWaiting) return;
        if (member.Session is null)
            member.Session = time.CreateTimer(_ => ExpireSession(member), null, member.SessionTimeout, Timeout.InfiniteTimeSpan);
        else
            member.Session.Change(member.SessionTimeout, Timeout.InfiniteTimeSpan);
    }

    private static void StopSession(Member member)
    {
        member.Session?.Dispose();
        member.Session = null;
    }

    private void ExpireSession(Member member)
    {
        lock (gate)
        {
            if (member.IsKeptWaiting || member.Session is null || members.GetValueOrDefault(member.Id) != member) return;
            Remove(member, ErrorCode.UnknownMemberId);
        }
    }

    private void BreakPromise(string memberId)
    {
        lock (gate)
        {
            if (!promised.Remove(memberId, out var timer)) return;
            timer.Dispose();
            CompleteJoinIfAllAreHere();
        }
    }

    private void StartRebalanceTimer()
    {
        StopRebalanceTimer();
        var number = rebalance;
        var patience = members.Count == 0 ? TimeSpan.Zero : members.Values.Max(member => member.RebalanceTimeout);
        rebalanceTimer = time.CreateTimer(_ => EndPatience(number), null, patience, Timeout.InfiniteTimeSpan);
    }

    private void StopRebalanceTimer()
    {
        rebalance++;
        rebalanceTimer?.Dispose();
        rebalanceTimer = null;
    }

    private void EndPatience(int number)
    {
        lock (gate)
        {
            if (number != rebalance) return;
            if (State == GroupState.PreparingRebalance)
            {
                CompleteJoin();
                return;
            }
            if (State != GroupState.CompletingRebalance) return;
            var silent = members.Values.Where(member => !member.AwaitsSync).ToList();
            foreach (var member in silent) Forget(member, ErrorCode.UnknownMemberId);
            if (members.Count == 0) BecomeEmpty();
            else StartRebalance();
        }
    }
}
