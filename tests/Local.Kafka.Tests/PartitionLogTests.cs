using Local.Kafka.Log;
using Local.Kafka.Protocol;

namespace Local.Kafka.Tests;

public sealed class PartitionLogTests : IDisposable
{
    private static readonly TopicConfig Config = new(RetentionMs: -1, RetentionBytes: -1, SegmentBytes: 4_096, MaxMessageBytes: 1_000_000);
    private readonly TemporaryDirectory directory = new();

    [Fact]
    public void A_batch_sent_twice_is_stored_once_and_answered_with_its_first_offset()
    {
        var log = Open();
        Assert.Equal(0, Send(log, sequence: 0).BaseOffset);
        Assert.Equal(1, Send(log, sequence: 1).BaseOffset);
        Assert.Equal(new PartitionLog.AppendResult(ErrorCode.None, 0, 0), Send(log, sequence: 0));
        Assert.Equal(2, log.Offsets.End);
    }

    [Fact]
    public void A_gap_in_the_sequence_or_an_old_epoch_is_refused()
    {
        var log = Open();
        Send(log, sequence: 0);
        Assert.Equal(ErrorCode.OutOfOrderSequenceNumber, Send(log, sequence: 2).Error);
        Assert.Equal(ErrorCode.None, Send(log, sequence: 0, epoch: 1).Error);
        Assert.Equal(ErrorCode.InvalidProducerEpoch, Send(log, sequence: 1, epoch: 0).Error);
        Assert.Equal(ErrorCode.OutOfOrderSequenceNumber, Send(log, sequence: 3, epoch: 2).Error);
    }

    [Fact]
    public void A_duplicate_older_than_the_last_five_batches_is_out_of_order()
    {
        var log = Open();
        for (var sequence = 0; sequence < 6; sequence++) Send(log, sequence);
        Assert.Equal(ErrorCode.None, Send(log, sequence: 1).Error);
        Assert.Equal(ErrorCode.OutOfOrderSequenceNumber, Send(log, sequence: 0).Error);
    }

    [Fact]
    public void Sequences_go_on_from_zero_after_the_greatest()
    {
        var log = Open();
        Send(log, int.MaxValue);
        Assert.Equal(ErrorCode.None, Send(log, sequence: 0).Error);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Producers_are_known_after_a_restart(bool stoppedCleanly)
    {
        var log = Open();
        for (var sequence = 0; sequence < 100; sequence++) Send(log, sequence); // several segments
        if (stoppedCleanly) log.Close();
        log = Open();
        Assert.Equal(new PartitionLog.AppendResult(ErrorCode.None, 97, 0), Send(log, sequence: 97));
        Assert.Equal(ErrorCode.OutOfOrderSequenceNumber, Send(log, sequence: 101).Error);
        Assert.Equal(100, Send(log, sequence: 100).BaseOffset);
    }

    [Fact]
    public void Retention_by_size_and_time_drops_whole_segments_and_keeps_the_newest()
    {
        var log = Open();
        for (var i = 0; i < 100; i++) log.Append(Batches.Of(1, 500, timestamp: i * 1_000), Config);
        log.EnforceRetention(Config with { RetentionBytes = 20_000 }, DateTimeOffset.UnixEpoch);
        Assert.InRange(log.Size, 10_000, 20_000);
        Assert.Equal(100, log.Offsets.End);
        log.EnforceRetention(Config with { RetentionMs = 5_000 }, DateTimeOffset.UnixEpoch.AddMilliseconds(99_500));
        Assert.InRange(log.Offsets.Start, 80, 95);
        log.EnforceRetention(Config with { RetentionMs = 5_000 }, DateTimeOffset.UnixEpoch.AddDays(1));
        Assert.Equal(new PartitionLog.Bounds(100, 100), log.Offsets);
        log.Close();
        Assert.Equal(new PartitionLog.Bounds(100, 100), Open().Offsets);
    }

    [Fact]
    public void A_damaged_segment_in_the_middle_ends_the_log_there()
    {
        var log = Open();
        for (var i = 0; i < 100; i++) log.Append(Batches.Of(1, 500, timestamp: i), Config);
        log.Close();
        var middle = Directory.GetFiles(directory.Path, "*.log").Order().ElementAt(4);
        using (var file = File.Open(middle, FileMode.Open)) file.SetLength(file.Length - 1);
        var reopened = Open();
        Assert.InRange(reopened.Offsets.End, 20, 40);
        Assert.Equal(reopened.Offsets.End, reopened.Append(Batches.Of(1, 10, timestamp: 0), Config).BaseOffset);
    }

    [Fact]
    public void Bytes_that_are_no_valid_batch_are_refused()
    {
        var log = Open();
        var good = Batches.Of(3, 100, timestamp: 1);
        byte[] flipped = [.. good];
        flipped[^1] ^= 1;
        byte[] old = [.. good];
        old[16] = 1;
        Assert.Equal(ErrorCode.CorruptMessage, log.Append(flipped, Config).Error);
        Assert.Equal(ErrorCode.CorruptMessage, log.Append(good.AsMemory(0, 20).ToArray(), Config).Error);
        Assert.Equal(ErrorCode.UnsupportedForMessageFormat, log.Append(old, Config).Error);
        Assert.Equal(ErrorCode.InvalidRecord, log.Append((byte[])[.. good, .. good], Config).Error);
        Assert.Equal(ErrorCode.MessageTooLarge, log.Append(good, Config with { MaxMessageBytes = 50 }).Error);
        Assert.Equal(0, log.Offsets.End);
    }

    public void Dispose() => directory.Dispose();

    private PartitionLog Open() => PartitionLog.Open(directory.Path, new Disk(FlushPolicy.System), _ => { });

    private static PartitionLog.AppendResult Send(PartitionLog log, int sequence, short epoch = 0) =>
        log.Append(Batches.Of(1, 200, timestamp: 1, producerId: 7, epoch, sequence), Config);
}
