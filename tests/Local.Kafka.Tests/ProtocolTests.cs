using System.Buffers.Binary;
using Local.Kafka.Protocol;

namespace Local.Kafka.Tests;

public sealed class ProtocolTests(BrokerFixture broker) : IClassFixture<BrokerFixture>
{
    [Theory]
    [InlineData((short)ApiKey.ApiVersions, 99)]
    [InlineData((short)ApiKey.Metadata, 99)]
    [InlineData((short)ApiKey.Fetch, 3)]
    [InlineData(999, 0)]
    public async Task An_unknown_api_or_version_is_answered_and_the_connection_lives_on(short key, short version)
    {
        using var client = new RawClient(broker.Servers);
        var answer = await client.AskAsync((ApiKey)key, version, _ => { });
        Assert.Equal(ErrorCode.UnsupportedVersion, (ErrorCode)BinaryPrimitives.ReadInt16BigEndian(answer));
        Assert.Equal(ErrorCode.None, (ErrorCode)BinaryPrimitives.ReadInt16BigEndian(await client.AskAsync(ApiKey.ApiVersions, 0, _ => { })));
    }

    [Fact]
    public async Task A_client_from_the_future_learns_the_versions_from_the_refusal()
    {
        using var client = new RawClient(broker.Servers);
        Assert.Contains((ApiKey.Fetch, (short)17), ReadVersions(await client.AskAsync(ApiKey.ApiVersions, 99, _ => { })));
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(0)]
    [InlineData(int.MaxValue)]
    public async Task A_frame_of_impossible_size_closes_that_connection_only(int size)
    {
        using var victim = new RawClient(broker.Servers);
        using var bystander = new RawClient(broker.Servers);
        var prefix = new byte[sizeof(int)];
        BinaryPrimitives.WriteInt32BigEndian(prefix, size);
        await victim.SendAsync(prefix);
        Assert.True(await victim.IsClosedByServerAsync());
        Assert.NotEmpty(await bystander.AskAsync(ApiKey.ApiVersions, 0, _ => { }));
    }

    [Fact]
    public async Task A_malformed_request_closes_its_connection()
    {
        using var client = new RawClient(broker.Servers);
        await client.SendAsync(RawClient.Request(ApiKey.Metadata, 4, 1, w => w.Int32(1_000_000)));
        Assert.True(await client.IsClosedByServerAsync());
    }

    [Fact]
    public async Task Requests_that_arrive_together_are_answered_in_their_order()
    {
        using var client = new RawClient(broker.Servers);
        byte[] pipeline = [.. Enumerable.Range(1, 500).SelectMany(i => RawClient.Request(ApiKey.ApiVersions, 0, i, _ => { }))];
        await client.SendAsync(pipeline);
        for (var i = 1; i <= 500; i++) Assert.Equal(i, BinaryPrimitives.ReadInt32BigEndian(await client.ReceiveAsync()));
    }

    [Fact]
    public async Task A_large_request_that_comes_in_drops_is_put_together()
    {
        using var client = new RawClient(broker.Servers);
        var request = RawClient.Request(ApiKey.Metadata, 4, 7, w =>
        {
            w.ArrayLength(1);
            w.String(new string('!', 30_000)); // no valid name: nothing is created
            w.Bool(false);
            w.Bytes(new byte[200_000]); // read over
        });
        for (var at = 0; at < request.Length; at += 10_007) await client.SendAsync(request.AsMemory(at, Math.Min(10_007, request.Length - at)));
        Assert.Equal(7, BinaryPrimitives.ReadInt32BigEndian(await client.ReceiveAsync()));
    }

    [Theory]
    [InlineData(-1, 0, (short)ErrorCode.None, 0, 3)] // the only epoch ends where the log ends
    [InlineData(0, 0, (short)ErrorCode.None, 0, 3)]
    [InlineData(0, 1, (short)ErrorCode.None, -1, -1)] // nobody ever led in this one
    [InlineData(1, 0, (short)ErrorCode.UnknownLeaderEpoch, -1, -1)] // the asker knows of a newer leader than there is
    public async Task An_epoch_ends_where_its_records_end(int current, int asked, short error, int epoch, long end)
    {
        using var client = new RawClient(broker.Servers);
        var topic = $"epoch-{current}-{asked}";
        await client.CreateTopicAsync(topic);
        await client.ProduceAsync(topic, Batches.Of(3, 10, timestamp: 1));
        var answer = new WireReader(await client.AskAsync(ApiKey.OffsetForLeaderEpoch, 2, w => w.Structs([topic], (w, name) =>
        {
            w.String(name);
            w.Structs([0], (w, partition) =>
            {
                w.Int32(partition);
                w.Int32(current);
                w.Int32(asked);
            });
        })));
        answer.Int32();
        Assert.Equal(((ErrorCode)error, 0, epoch, end), answer.Array(static (ref WireReader t) =>
        {
            t.String();
            return t.Array(static (ref WireReader p) => ((ErrorCode)p.Int16(), p.Int32(), p.Int32(), p.Int64()))[0];
        })[0]);
    }

    private static List<(ApiKey, short)> ReadVersions(byte[] body)
    {
        var reader = new WireReader(body);
        reader.Int16();
        return [.. reader.Array(static (ref WireReader r) =>
        {
            var key = (ApiKey)r.Int16();
            r.Int16();
            return (key, r.Int16());
        })];
    }
}
