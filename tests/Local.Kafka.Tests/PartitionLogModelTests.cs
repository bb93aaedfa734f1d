using FsCheck;
using FsCheck.Fluent;
using Local.Kafka.Log;
using Local.Kafka.Protocol;
using Testing;

namespace Local.Kafka.Tests;

/// <summary>Any sequence of appends, repeats, deletions, restarts and crashes leaves what a simple list says there should be.</summary>
public sealed class PartitionLogModelTests
{
    private static readonly TopicConfig Config = new(RetentionMs: -1, RetentionBytes: -1, SegmentBytes: 2_000, MaxMessageBytes: 1_000_000);

    private enum Step
    {
        Append,
        AppendIdempotent,
        Repeat,
        DeleteRecords,
        Restart,
        Crash,
        TornWrite,
        Seek,
        SeekTime,
    }

    [Fact]
    public void A_partition_behaves_like_a_list()
    {
        var steps = Gen.Zip(Gen.Elements(Enum.GetValues<Step>()), Gen.Choose(0, 999)).ListOf(120);
        Prop.ForAll(steps.ToArbitrary(), sequence =>
        {
            using var run = new Run();
            foreach (var (step, number) in sequence) run.Apply(step, number);
            run.CheckAll();
        }).Check(Histories.Tests(150));
    }

    private sealed class Run : IDisposable
    {
        private readonly TemporaryDirectory directory = new();
        private readonly List<(long Offset, int Records, long Timestamp, byte[] Body)> model = [];
        private PartitionLog log;
        private long start;
        private long end;
        private int sequence;
        private byte[]? lastIdempotent;
        private long lastIdempotentOffset;

        public Run() => log = Open();

        public void Apply(Step step, int number)
        {
            switch (step)
            {
                case Step.Append:
                    Append(Batches.Of(number % 7 + 1, number, timestamp: number * 10), number % 7 + 1, number * 10);
                    break;
                case Step.AppendIdempotent:
                    lastIdempotent = Batches.Of(2, number, timestamp: number, producerId: 9, epoch: 0, sequence);
                    lastIdempotentOffset = end;
                    sequence += 2;
                    Append([.. lastIdempotent], 2, number);
                    break;
                case Step.Repeat when lastIdempotent is not null:
                    Assert.Equal(lastIdempotentOffset, log.Append((byte[])[.. lastIdempotent], Config).BaseOffset);
                    Assert.Equal(end, log.Offsets.End);
                    break;
                case Step.DeleteRecords when number % 5 == 0:
                    start = Math.Max(start, start + (end - start) * number / 2_000);
                    Assert.True(log.TryDeleteRecordsBefore(start));
                    break;
                case Step.Restart:
                    log.Close();
                    log = Open();
                    break;
                case Step.Crash:
                    log = Open();
                    break;
                case Step.TornWrite:
                    var last = Directory.GetFiles(directory.Path, "*.log").Order().Last();
                    using (var file = File.Open(last, FileMode.Append, FileAccess.Write, FileShare.ReadWrite)) file.Write(Batches.Of(1, number, 0).AsSpan(0, 30 + number / 40));
                    log = Open();
                    break;
                case Step.Seek:
                    CheckRead(start + (end - start) * number / 1_000);
                    break;
                case Step.SeekTime:
                    CheckTime(number * 5);
                    break;
            }
            Assert.Equal(new PartitionLog.Bounds(start, end), log.Offsets);
        }

        public void CheckAll()
        {
            for (var offset = start; offset < end; offset++) CheckRead(offset);
            Assert.Null(log.Read(end, 1_000, atLeastOne: true).Records);
            Assert.Equal(ErrorCode.OffsetOutOfRange, log.Read(end + 1, 1_000, atLeastOne: true).Error);
        }

        public void Dispose()
        {
            log.Close();
            directory.Dispose();
        }

        private PartitionLog Open() => PartitionLog.Open(directory.Path, new Disk(FlushPolicy.System), _ => { });

        private void Append(byte[] batch, int records, long timestamp)
        {
            model.Add((end, records, timestamp, batch[RecordBatch.HeaderSize..]));
            Assert.Equal(end, log.Append(batch, Config).BaseOffset);
            end += records;
        }

        private void CheckRead(long offset)
        {
            if (offset >= end) return;
            var region = log.Read(offset, maxBytes: 1, atLeastOne: true).Records!;
            var bytes = new byte[region.Length];
            Assert.Equal(bytes.Length, RandomAccess.Read(region.Handle, bytes, region.Position));
            var (expectedOffset, records, _, body) = model.FindLast(batch => batch.Offset <= offset);
            var header = RecordBatch.ReadHeader(bytes);
            Assert.Equal((expectedOffset, expectedOffset + records), (header.BaseOffset, header.NextOffset));
            Assert.True(RecordBatch.HasValidCrc(bytes));
            Assert.Equal(body, bytes[RecordBatch.HeaderSize..]);
        }

        private void CheckTime(long timestamp)
        {
            var expected = model.Where(batch => batch.Offset + batch.Records > start && batch.Timestamp >= timestamp).Select(batch => (long?)Math.Max(start, batch.Offset)).FirstOrDefault();
            var found = log.FindByTime(timestamp)?.Offset;
            // Batches of one segment before the start may still be on disk: they count as the start itself.
            Assert.True(found == expected || found == start, $"{found} for {timestamp}, expected {expected}, start {start}");
        }
    }
}
