using Local.Kafka.Protocol;
using Testing;

namespace Local.Kafka.Tests;

public sealed class LimitTests
{
    [Fact]
    public async Task A_connection_above_the_limit_is_refused_until_another_one_closes()
    {
        using var directory = new TemporaryDirectory();
        await using var server = new KafkaServer(BrokerFixture.Options(directory.Path) with { MaxConnections = 2 });
        await server.StartAsync();
        using var first = new RawClient(server.BootstrapServers);
        var second = new RawClient(server.BootstrapServers);
        await first.AskAsync(ApiKey.ApiVersions, 0, _ => { });
        await second.AskAsync(ApiKey.ApiVersions, 0, _ => { });
        using var third = new RawClient(server.BootstrapServers);
        Assert.True(await third.IsClosedByServerAsync());

        second.Dispose();
        while (!await IsServedAsync(server.BootstrapServers)) await Task.Yield();
        await first.AskAsync(ApiKey.ApiVersions, 0, _ => { });
    }

    [Fact]
    public async Task A_request_that_is_never_finished_is_given_up_and_makes_room_for_the_next()
    {
        using var directory = new TemporaryDirectory();
        const int Large = 1 << 20;
        await using var server = new KafkaServer(BrokerFixture.Options(directory.Path) with
        {
            MaxRequestBytes = Large,
            MaxRequestBytesInFlight = Large,
            TransferTimeout = TimeSpan.FromSeconds(1),
        });
        await server.StartAsync();
        using var slow = new RawClient(server.BootstrapServers);
        using var honest = new RawClient(server.BootstrapServers);
        var request = RawClient.Request(ApiKey.ApiVersions, 0, 5, w => w.Bytes(new byte[Large / 2]));
        await slow.SendAsync(request.AsMemory(0, request.Length / 2)); // takes half of the budget, and the other half is not enough
        await honest.SendAsync(RawClient.Request(ApiKey.ApiVersions, 0, 6, w => w.Bytes(new byte[Large - 100])));
        Assert.NotEmpty(await honest.ReceiveAsync());
        Assert.True(await slow.IsClosedByServerAsync());
    }

    [Theory]
    [InlineData(0, false)]
    [InlineData(1, true)]
    public async Task A_request_above_the_limit_closes_its_connection_and_one_at_the_limit_does_not(int above, bool closes)
    {
        using var directory = new TemporaryDirectory();
        const int Limit = 100_000;
        await using var server = new KafkaServer(BrokerFixture.Options(directory.Path) with { MaxRequestBytes = Limit });
        await server.StartAsync();
        using var client = new RawClient(server.BootstrapServers);
        var overhead = RawClient.Request(ApiKey.ApiVersions, 0, 1, w => w.Bytes([])).Length - sizeof(int);
        await client.SendAsync(RawClient.Request(ApiKey.ApiVersions, 0, 1, w => w.Bytes(new byte[Limit - overhead + above])));
        if (closes) Assert.True(await client.IsClosedByServerAsync());
        else Assert.NotEmpty(await client.ReceiveAsync());
        using var another = new RawClient(server.BootstrapServers);
        Assert.NotEmpty(await another.AskAsync(ApiKey.ApiVersions, 0, _ => { }));
    }

    [Fact]
    public async Task Topics_are_created_on_their_own_only_where_that_is_wanted()
    {
        using var directory = new TemporaryDirectory();
        await using var server = new KafkaServer(BrokerFixture.Options(directory.Path) with { AutoCreateTopics = false });
        await server.StartAsync();
        using var client = new RawClient(server.BootstrapServers);
        await client.CreateTopicAsync("unwanted");
        Assert.Equal(ErrorCode.UnknownTopicOrPartition, (await client.ProduceAsync("unwanted", Batches.Of(1, 10, timestamp: 1))).Error);
    }

    [Fact]
    public async Task Old_records_go_by_themselves()
    {
        using var directory = new TemporaryDirectory();
        var time = new ManualTime();
        await using var server = new KafkaServer(BrokerFixture.UnhurriedOptions(directory.Path) with { Retention = TimeSpan.FromHours(1) }, time: time);
        await server.StartAsync();
        using var client = new RawClient(server.BootstrapServers);
        await client.CreateTopicAsync("old");
        var now = time.GetUtcNow().ToUnixTimeMilliseconds();
        await client.ProduceAsync("old", Batches.Of(5, 10, timestamp: now));
        time.Advance(TimeSpan.FromMinutes(59));
        Assert.Equal((ErrorCode.None, 5L), await client.ProduceAsync("old", Batches.Of(1, 10, timestamp: now)));
        while (await EarliestAsync(client, "old") == 0) time.Advance(TimeSpan.FromMinutes(2));
        Assert.Equal(6, await EarliestAsync(client, "old"));
    }

    [Fact]
    public async Task Partitions_cannot_outgrow_their_limit()
    {
        using var directory = new TemporaryDirectory();
        await using var server = new KafkaServer(BrokerFixture.Options(directory.Path) with { MaxPartitions = 20 });
        await server.StartAsync();
        using var client = new RawClient(server.BootstrapServers);
        Assert.Equal(ErrorCode.None, await CreateAsync(client, "first", 12));
        Assert.Equal(ErrorCode.PolicyViolation, await CreateAsync(client, "second", 12));
        Assert.Equal(ErrorCode.PolicyViolation, await CreateAsync(client, "third", int.MaxValue));
    }

    private static async Task<long> EarliestAsync(RawClient client, string topic)
    {
        const long Earliest = -2;
        var answer = new WireReader(await client.AskAsync(ApiKey.ListOffsets, 1, w =>
        {
            w.Int32(-1); // no replica
            w.Structs([topic], (w, name) =>
            {
                w.String(name);
                w.Structs([0], (w, partition) =>
                {
                    w.Int32(partition);
                    w.Int64(Earliest);
                });
            });
        }));
        return answer.Array(static (ref WireReader t) =>
        {
            t.String();
            return t.Array(static (ref WireReader p) => (p.Int32(), p.Int16(), p.Int64(), p.Int64()))[0].Item4;
        })[0];
    }

    private static async Task<bool> IsServedAsync(string servers)
    {
        using var client = new RawClient(servers);
        await client.SendAsync(RawClient.Request(ApiKey.ApiVersions, 0, 1, _ => { }));
        return !await client.IsClosedByServerAsync();
    }

    private static async Task<ErrorCode> CreateAsync(RawClient client, string topic, int partitions)
    {
        var answer = new WireReader(await client.AskAsync(ApiKey.CreateTopics, 0, w =>
        {
            w.Structs([topic], (w, name) =>
            {
                w.String(name);
                w.Int32(partitions);
                w.Int16(1);
                w.ArrayLength(0);
                w.ArrayLength(0);
            });
            w.Int32(1_000);
        }));
        return answer.Array(static (ref WireReader r) => (r.String(), (ErrorCode)r.Int16()))[0].Item2;
    }
}
