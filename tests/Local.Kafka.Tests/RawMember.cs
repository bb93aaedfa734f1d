using Local.Kafka.Protocol;

namespace Local.Kafka.Tests;

/// <summary>A group member that does only what the test says: no heartbeats of its own.</summary>
internal sealed record RawMember(RawClient Client, string Group, string Id, int Generation, string Leader)
{
    private const short JoinVersion = 4;
    private const short StaticJoinVersion = 5;

    /// <summary>In these versions the answer begins with the throttle time.</summary>
    private const short Version = 2;

    public static async Task<RawMember> JoinAsync(RawClient client, string group, TimeSpan sessionTimeout, string memberId = "", string? instance = null)
    {
        var answer = new WireReader(await client.AskAsync(ApiKey.JoinGroup, instance is null ? JoinVersion : StaticJoinVersion, w =>
        {
            w.String(group);
            w.Int32((int)sessionTimeout.TotalMilliseconds);
            w.Int32((int)KafkaClients.Patience.TotalMilliseconds);
            w.String(memberId);
            if (instance is not null) w.String(instance);
            w.String("consumer");
            w.Structs(["range"], static (w, name) =>
            {
                w.String(name);
                w.Bytes([1, 2, 3]);
            });
        }));
        answer.Int32();
        var (error, generation, _, leader, id) = ((ErrorCode)answer.Int16(), answer.Int32(), answer.String(), answer.String(), answer.String());
        if (error == ErrorCode.MemberIdRequired) return await JoinAsync(client, group, sessionTimeout, id);
        Assert.Equal(ErrorCode.None, error);
        return new RawMember(client, group, id, generation, leader);
    }

    public Task<ErrorCode> HeartbeatAsync() => AskAsync(ApiKey.Heartbeat, w =>
    {
        w.String(Group);
        w.Int32(Generation);
        w.String(Id);
    });

    public async Task<ErrorCode> HeartbeatAsync(string instance)
    {
        var answer = new WireReader(await Client.AskAsync(ApiKey.Heartbeat, 3, w =>
        {
            w.String(Group);
            w.Int32(Generation);
            w.String(Id);
            w.String(instance);
        }));
        answer.Int32();
        return (ErrorCode)answer.Int16();
    }

    public Task<ErrorCode> SyncAsync() => AskAsync(ApiKey.SyncGroup, w =>
    {
        w.String(Group);
        w.Int32(Generation);
        w.String(Id);
        w.Structs(Id == Leader ? new[] { Id } : [], static (w, member) =>
        {
            w.String(member);
            w.Bytes([4, 5, 6]);
        });
    });

    public Task<ErrorCode> LeaveAsync() => AskAsync(ApiKey.LeaveGroup, w =>
    {
        w.String(Group);
        w.String(Id);
    });

    /// <summary>Commits for a topic that does not exist, which is found out last.</summary>
    public async Task<ErrorCode> CommitAsync()
    {
        var answer = new WireReader(await Client.AskAsync(ApiKey.OffsetCommit, Version, w =>
        {
            w.String(Group);
            w.Int32(Generation);
            w.String(Id);
            w.Int64(-1);
            w.Structs(["no-such-topic"], static (w, topic) =>
            {
                w.String(topic);
                w.Structs([0], static (w, partition) =>
                {
                    w.Int32(partition);
                    w.Int64(1);
                    w.String(null);
                });
            });
        }));
        return answer.Array(static (ref WireReader topic) =>
        {
            topic.String();
            return topic.Array(static (ref WireReader p) => (p.Int32(), (ErrorCode)p.Int16()))[0].Item2;
        })[0];
    }

    private async Task<ErrorCode> AskAsync(ApiKey key, Action<WireWriter> body)
    {
        var answer = new WireReader(await Client.AskAsync(key, Version, body));
        answer.Int32();
        return (ErrorCode)answer.Int16();
    }
}
