using Local.Kafka.Protocol;

namespace Local.Kafka.Tests;

public sealed class GroupFencingTests(BrokerFixture broker) : IClassFixture<BrokerFixture>
{
    private static readonly TimeSpan LongSession = TimeSpan.FromMinutes(1);

    [Fact]
    public async Task A_member_of_an_older_generation_can_neither_sync_nor_commit()
    {
        using var first = new RawClient(broker.Servers);
        using var second = new RawClient(broker.Servers);
        var member = await RawMember.JoinAsync(first, "fenced", LongSession);
        Assert.Equal(ErrorCode.None, await member.SyncAsync());

        var newcomer = RawMember.JoinAsync(second, "fenced", LongSession);
        while (await member.HeartbeatAsync() == ErrorCode.None) await Task.Yield();
        Assert.Equal(ErrorCode.RebalanceInProgress, await member.HeartbeatAsync());
        var renewed = await RawMember.JoinAsync(first, "fenced", LongSession, member.Id);
        Assert.Equal((await newcomer).Generation, renewed.Generation);

        Assert.Equal(ErrorCode.IllegalGeneration, await member.SyncAsync());
        Assert.Equal(ErrorCode.IllegalGeneration, await member.CommitAsync());
        Assert.Equal(ErrorCode.RebalanceInProgress, await renewed.CommitAsync());
        Assert.Equal(ErrorCode.None, await renewed.SyncAsync());
        Assert.Equal(ErrorCode.UnknownTopicOrPartition, await renewed.CommitAsync()); // fenced no more: only the topic is missing
    }

    [Fact]
    public async Task A_stranger_cannot_commit_for_a_group_with_members()
    {
        using var client = new RawClient(broker.Servers);
        var member = await RawMember.JoinAsync(client, "closed", LongSession);
        Assert.Equal(ErrorCode.UnknownMemberId, await (member with { Id = "", Generation = -1 }).CommitAsync());
        Assert.Equal(ErrorCode.UnknownTopicOrPartition, await (member with { Group = "open", Id = "", Generation = -1 }).CommitAsync());
    }

    [Fact]
    public async Task A_static_member_whose_place_was_taken_is_fenced_and_the_generation_goes_on()
    {
        using var first = new RawClient(broker.Servers);
        using var second = new RawClient(broker.Servers);
        var member = await RawMember.JoinAsync(first, "static", LongSession, instance: "one");
        Assert.Equal(ErrorCode.None, await member.SyncAsync());
        var successor = await RawMember.JoinAsync(second, "static", LongSession, instance: "one");
        Assert.Equal(member.Generation, successor.Generation);
        Assert.Equal(ErrorCode.FencedInstanceId, await member.HeartbeatAsync("one"));
        Assert.Equal(ErrorCode.None, await successor.HeartbeatAsync("one"));
    }

    [Fact]
    public async Task The_first_to_join_leads_and_a_leader_that_leaves_is_followed()
    {
        using var first = new RawClient(broker.Servers);
        using var second = new RawClient(broker.Servers);
        var leader = await RawMember.JoinAsync(first, "led", LongSession);
        Assert.Equal(leader.Id, leader.Leader);
        var following = RawMember.JoinAsync(second, "led", LongSession);
        while (await leader.HeartbeatAsync() == ErrorCode.None) await Task.Yield();
        Assert.Equal(ErrorCode.None, await leader.LeaveAsync());
        var follower = await following;
        Assert.Equal(follower.Id, follower.Leader);
        Assert.Equal(ErrorCode.UnknownMemberId, await leader.HeartbeatAsync());
    }
}
