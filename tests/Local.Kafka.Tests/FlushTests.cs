using Local.Kafka.Log;
using Local.Kafka.Protocol;
using Microsoft.Win32.SafeHandles;

namespace Local.Kafka.Tests;

/// <summary>With every batch flushed, the answer waits for the flush.</summary>
public sealed class FlushTests
{
    private const string Topic = "flushed";

    [Fact]
    public Task A_batch_is_not_answered_before_it_is_flushed() =>
        IsAnsweredAfterTheFlushAsync(RawProducer.ProduceRequest(Topic, Batches.Of(1, 10, timestamp: 1)), ".log");

    [Fact]
    public Task A_committed_offset_is_not_answered_before_it_is_flushed() =>
        IsAnsweredAfterTheFlushAsync(RawProducer.CommitRequest("group", Topic, 5), "offsets");

    [Fact]
    public async Task A_batch_whose_flush_failed_is_refused_and_the_partition_takes_no_more()
    {
        using var directory = new TemporaryDirectory();
        using var disk = new HeldDisk();
        await using var server = new KafkaServer(Options(directory)) { Disk = disk };
        await server.StartAsync();
        using var client = await WithTopicAsync(server);
        disk.Fails = true;
        Assert.Equal(ErrorCode.StorageError, (await client.ProduceAsync(Topic, Batches.Of(1, 10, timestamp: 1))).Error);
        disk.Fails = false;
        Assert.Equal(ErrorCode.StorageError, (await client.ProduceAsync(Topic, Batches.Of(1, 10, timestamp: 1))).Error);
    }

    private static async Task IsAnsweredAfterTheFlushAsync(byte[] request, string file)
    {
        using var directory = new TemporaryDirectory();
        using var disk = new HeldDisk();
        await using var server = new KafkaServer(Options(directory)) { Disk = disk };
        await server.StartAsync();
        using var client = await WithTopicAsync(server);
        disk.Hold(file);
        await client.SendAsync(request);
        await disk.Reached.WaitAsync(KafkaClients.Patience, TimeProvider.System, TestContext.Current.CancellationToken);
        Assert.False(client.HasAnswer);
        disk.Release();
        Assert.NotEmpty(await client.ReceiveAsync());
    }

    private static KafkaServerOptions Options(TemporaryDirectory directory) => BrokerFixture.Options(directory.Path) with { Flush = FlushPolicy.Each, DefaultPartitions = 1 };

    private static async Task<RawClient> WithTopicAsync(KafkaServer server)
    {
        var client = new RawClient(server.BootstrapServers);
        await client.CreateTopicAsync(Topic);
        Assert.Equal((ErrorCode.None, 0L), await client.ProduceAsync(Topic, Batches.Of(1, 10, timestamp: 1)));
        return client;
    }

    /// <summary>A disk on which the flush of a file takes as long as the test wants.</summary>
    private sealed class HeldDisk() : Disk(FlushPolicy.Each), IDisposable
    {
        private readonly TaskCompletionSource reached = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly ManualResetEventSlim released = new(initialState: true);
        private volatile string? held;

        public bool Fails { get; set; }

        public Task Reached => reached.Task;

        public void Hold(string file)
        {
            released.Reset();
            held = file;
        }

        public void Release() => released.Set();

        public void Dispose() => released.Dispose();

        public override void Flush(SafeFileHandle file, string path)
        {
            if (Fails) throw new IOException("The disk failed.");
            if (held is { } suffix && path.EndsWith(suffix, StringComparison.Ordinal))
            {
                reached.TrySetResult();
                // The flush of a real disk blocks its thread too.
                released.Wait();
            }
            base.Flush(file, path);
        }
    }
}
