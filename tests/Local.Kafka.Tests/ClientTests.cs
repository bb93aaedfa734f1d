using System.Diagnostics;
using Confluent.Kafka;
using Confluent.Kafka.Admin;

namespace Local.Kafka.Tests;

public sealed class ClientTests(BrokerFixture broker) : IClassFixture<BrokerFixture>
{
    /// <summary>Recent enough not to fall to retention.</summary>
    private static readonly long Epoch = TimeProvider.System.GetUtcNow().AddHours(-1).ToUnixTimeMilliseconds();

    [Theory]
    [InlineData(CompressionType.None)]
    [InlineData(CompressionType.Gzip)]
    [InlineData(CompressionType.Snappy)]
    [InlineData(CompressionType.Lz4)]
    [InlineData(CompressionType.Zstd)]
    public async Task Every_codec_comes_back_as_it_was_sent(CompressionType codec)
    {
        var topic = $"codec-{codec}".ToLowerInvariant();
        var values = Enumerable.Range(0, 500).Select(i => $"{i}-{new string('x', i)}").ToList();
        await KafkaClients.ProduceAsync(broker.Servers, topic, values, config => config.CompressionType = codec);
        Assert.Equal(values.Order(), KafkaClients.ReadAll(broker.Servers, topic, 12).Select(record => record.Message.Value).Order());
    }

    [Fact]
    public void Records_of_a_key_keep_their_order_headers_and_times()
    {
        using (var producer = KafkaClients.Producer(broker.Servers))
        {
            for (var i = 0; i < 100; i++)
            {
                producer.Produce("order", new Message<string, string>
                {
                    Key = "one",
                    Value = i.ToString(),
                    Timestamp = new Timestamp(Epoch + i, TimestampType.CreateTime),
                    Headers = [new Header("n", KafkaClients.Utf8(i.ToString()))],
                });
            }
            producer.Flush(KafkaClients.Patience);
        }
        var records = KafkaClients.ReadAll(broker.Servers, "order", 12);
        Assert.Equal(Enumerable.Range(0, 100).Select(i => i.ToString()), records.Select(record => record.Message.Value));
        Assert.All(records, record => Assert.Equal(Epoch + long.Parse(record.Message.Value), record.Message.Timestamp.UnixTimestampMs));
        Assert.All(records, record => Assert.Equal(KafkaClients.Utf8(record.Message.Value), record.Message.Headers.GetLastBytes("n")));
    }

    [Fact]
    public async Task Kcat_lists_produces_and_consumes()
    {
        Assert.Contains(" 1 brokers:", await KcatAsync("-L"), StringComparison.Ordinal);
        await KcatAsync("-P -t kcat -X enable.idempotence=true", "a\nb\nc\n");
        Assert.Equal(["a", "b", "c"], (await KcatAsync("-C -t kcat -e -q")).Split('\n', StringSplitOptions.RemoveEmptyEntries).Order());
    }

    [Fact]
    public async Task A_consumer_seeks_to_offsets_and_times()
    {
        await CreateTopicAsync("seek", 1);
        using (var producer = KafkaClients.Producer(broker.Servers))
        {
            for (var i = 0; i < 50; i++)
                await producer.ProduceAsync(new TopicPartition("seek", 0), new Message<string, string> { Value = $"{i}", Timestamp = new Timestamp(Epoch + i * 1_000, TimestampType.CreateTime) });
        }
        using var consumer = KafkaClients.Consumer(broker.Servers, "seeker").Build();
        var partition = new TopicPartition("seek", 0);
        consumer.Assign(new TopicPartitionOffset(partition, 40));
        Assert.Equal("40", consumer.Consume(KafkaClients.Patience).Message.Value);
        consumer.Seek(new TopicPartitionOffset(partition, 7));
        Assert.Equal("7", consumer.Consume(KafkaClients.Patience).Message.Value);
        var found = consumer.OffsetsForTimes([new TopicPartitionTimestamp(partition, new Timestamp(Epoch + 12_500, TimestampType.CreateTime))], KafkaClients.Patience);
        Assert.Equal(13, found[0].Offset.Value);
    }

    [Fact]
    public async Task A_time_inside_a_batch_finds_the_record_itself()
    {
        await CreateTopicAsync("times", 1);
        using (var producer = KafkaClients.Producer(broker.Servers, config => config.LingerMs = 50))
        {
            for (var i = 0; i < 50; i++)
                producer.Produce(new TopicPartition("times", 0), new Message<string, string> { Value = $"{i}", Timestamp = new Timestamp(Epoch + i * 1_000, TimestampType.CreateTime) });
            producer.Flush(KafkaClients.Patience);
        }
        using var consumer = KafkaClients.Consumer(broker.Servers, "timer").Build();
        var found = consumer.OffsetsForTimes([new TopicPartitionTimestamp("times", 0, new Timestamp(Epoch + 30_001, TimestampType.CreateTime))], KafkaClients.Patience);
        Assert.Equal(31, found[0].Offset.Value);
    }

    [Fact]
    public async Task A_record_that_is_too_large_is_refused_and_the_next_is_not()
    {
        using var producer = KafkaClients.Producer(broker.Servers, config => config.MessageMaxBytes = 3_000_000);
        var failure = await Assert.ThrowsAsync<ProduceException<string, string>>(() => producer.ProduceAsync("large", new Message<string, string> { Value = new string('x', 2_000_000) }));
        Assert.Equal(ErrorCode.MsgSizeTooLarge, failure.Error.Code);
        using var another = KafkaClients.Producer(broker.Servers);
        Assert.Equal(PersistenceStatus.Persisted, (await another.ProduceAsync("large", new Message<string, string> { Value = new string('x', 900_000) })).Status);
    }

    [Fact]
    public async Task Topics_are_created_described_extended_and_deleted()
    {
        using var admin = Admin();
        await CreateTopicAsync("managed", 3, ("retention.ms", "60000"));
        var again = await Assert.ThrowsAsync<CreateTopicsException>(() => CreateTopicAsync("managed", 3));
        Assert.Equal(ErrorCode.TopicAlreadyExists, again.Results[0].Error.Code);
        await Assert.ThrowsAsync<CreateTopicsException>(() => CreateTopicAsync("compacted", 1, ("cleanup.policy", "compact")));

        var configs = await admin.DescribeConfigsAsync([new ConfigResource { Type = ResourceType.Topic, Name = "managed" }]);
        Assert.Equal("60000", configs[0].Entries["retention.ms"].Value);
        await admin.CreatePartitionsAsync([new PartitionsSpecification { Topic = "managed", IncreaseTo = 5 }]);
        Assert.Equal(5, admin.GetMetadata("managed", KafkaClients.Patience).Topics[0].Partitions.Count);
        await admin.DeleteTopicsAsync(["managed"]);
        Assert.DoesNotContain(admin.GetMetadata(KafkaClients.Patience).Topics, topic => topic.Topic == "managed");
    }

    [Fact]
    public async Task Deleted_records_are_gone_and_the_rest_stays()
    {
        await CreateTopicAsync("pruned", 1);
        await KafkaClients.ProduceAsync(broker.Servers, "pruned", Enumerable.Range(0, 20).Select(i => $"{i}"));
        using var admin = Admin();
        await admin.DeleteRecordsAsync([new TopicPartitionOffset("pruned", 0, 15)]);
        Assert.Equal([15, 16, 17, 18, 19], KafkaClients.ReadAll(broker.Servers, "pruned", 1).Select(record => record.Offset.Value));
    }

    [Fact]
    public void A_transactional_producer_is_told_at_once_that_there_are_no_transactions()
    {
        using var producer = KafkaClients.Producer(broker.Servers, config => config.TransactionalId = "t");
        Assert.Equal(ErrorCode.TransactionalIdAuthorizationFailed, Assert.Throws<KafkaException>(() => producer.InitTransactions(KafkaClients.Patience)).Error.Code);
    }

    private IAdminClient Admin() => new AdminClientBuilder(new AdminClientConfig { BootstrapServers = broker.Servers }).Build();

    private async Task CreateTopicAsync(string name, int partitions, params (string Name, string Value)[] configs)
    {
        using var admin = Admin();
        await admin.CreateTopicsAsync([new TopicSpecification { Name = name, NumPartitions = partitions, ReplicationFactor = 1, Configs = configs.ToDictionary(c => c.Name, c => c.Value) }]);
    }

    private async Task<string> KcatAsync(string arguments, string? input = null)
    {
        using var process = Process.Start(new ProcessStartInfo("kcat", $"-b {broker.Servers} {arguments}") { RedirectStandardInput = true, RedirectStandardOutput = true, UseShellExecute = false })!;
        if (input is not null) await process.StandardInput.WriteAsync(input);
        process.StandardInput.Close();
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.Equal(0, process.ExitCode);
        return output;
    }
}
