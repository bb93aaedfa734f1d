using FsCheck;
using FsCheck.Fluent;
using Local.Kafka.Groups;
using Local.Kafka.Log;
using Local.Kafka.Protocol;
using Microsoft.Extensions.Logging.Abstractions;
using Testing;

namespace Local.Kafka.Tests;

/// <summary>With every batch flushed, nothing that was answered is gone after a power cut, whatever the disk kept of the rest.</summary>
public sealed class PowerCutTests
{
    private enum Step
    {
        Append,
        AppendAmidFailure,
        Repeat,
        Commit,
        CreateTopic,
        DeleteRecords,
        NextProducer,
        Kill,
        PowerCut,
    }

    [Fact]
    public void Nothing_that_was_answered_is_lost_in_a_power_cut()
    {
        var step = Gen.Frequency([(10, Gen.Constant(Step.Append)), .. Enum.GetValues<Step>().Select(other => (2, Gen.Constant(other)))]);
        Prop.ForAll(Gen.Zip(step, Gen.Choose(0, 999)).ListOf(60).ToArbitrary(), sequence =>
        {
            using var run = new Run();
            foreach (var (what, number) in sequence) run.Apply(what, number);
            run.Apply(Step.PowerCut, 0);
        }).Check(Histories.Tests(40));
    }

    private sealed class Run : IDisposable
    {
        private const int Partitions = 2;
        private static readonly KafkaServerOptions Options = new() { DataDirectory = "", Flush = FlushPolicy.Each, SegmentBytes = 2_000 };

        private readonly TemporaryDirectory directory = TemporaryDirectory.InMemory(); // what a disk would do is the test's own affair
        private readonly List<Model> model = [];
        private readonly HashSet<long> producerIds = [];
        private readonly Dictionary<string, long> commits = [];
        private readonly string clusterId;
        private PowerlessDisk disk;
        private DataDirectory data;
        private int starts;

        public Run()
        {
            disk = new PowerlessDisk(NextFolder());
            data = Open();
            clusterId = data.ClusterId;
            CreateTopic();
        }

        private string Folder => Path.Combine(directory.Path, $"{starts}");

        public void Apply(Step step, int number)
        {
            var partition = model[number % model.Count];
            switch (step)
            {
                case Step.Append:
                    Append(partition, number);
                    break;
                case Step.AppendAmidFailure:
                    disk.FailsOnce = true;
                    Assert.Throws<IOException>(() => Append(partition, number));
                    Assert.Equal(ErrorCode.StorageError, Log(partition).Append(Next(partition, number), data.Topics.Defaults).Error);
                    Apply(Step.Kill, number);
                    Append(partition, number); // the producer tries again: its batch may have been written, or not
                    break;
                case Step.Repeat when partition.Batches.Count > 0:
                    Assert.Equal(partition.Batches[^1].Offset, Log(partition).Append((byte[])[.. partition.Batches[^1].Bytes], data.Topics.Defaults).BaseOffset);
                    break;
                case Step.Commit:
                    data.Offsets.Commit([(new OffsetKey("group", partition.Topic, partition.Index), new CommittedOffset(number, -1, "", 1))]);
                    commits[$"{partition.Topic}/{partition.Index}"] = number;
                    break;
                case Step.CreateTopic when model.Count < 4 * Partitions:
                    CreateTopic();
                    break;
                case Step.DeleteRecords when partition.Batches.Count > 0:
                    Assert.True(Log(partition).TryDeleteRecordsBefore(partition.Batches[number % partition.Batches.Count].Offset));
                    break;
                case Step.NextProducer:
                    Assert.True(producerIds.Add(data.ProducerIds.Next()));
                    break;
                case Step.Kill:
                    Restart(disk.Kill(NextFolder()));
                    break;
                case Step.PowerCut:
                    Restart(disk.CutPower(NextFolder(), new Random(number)));
                    break;
            }
        }

        public void Dispose()
        {
            data.Dispose();
            directory.Dispose();
        }

        private DataDirectory Open() => DataDirectory.Open(Options with { DataDirectory = Folder }, disk, TimeProvider.System, NullLoggerFactory.Instance);

        private string NextFolder()
        {
            starts++;
            return Directory.CreateDirectory(Folder).FullName;
        }

        private void Restart(PowerlessDisk found)
        {
            data.Dispose();
            disk = found;
            data = Open();
            Assert.Equal(clusterId, data.ClusterId);
            foreach (var partition in model) Check(partition);
        }

        private void Check(Model partition)
        {
            var log = Log(partition);
            Assert.Equal(partition.Id, data.Topics.Find(partition.Topic)!.Id);
            Assert.Equal(commits.GetValueOrDefault($"{partition.Topic}/{partition.Index}", -1), data.Offsets.Find(new OffsetKey("group", partition.Topic, partition.Index)).Offset);
            Assert.InRange(log.Offsets.End, partition.End, partition.End + 1); // one that was not answered may be there
            foreach (var (offset, bytes) in partition.Batches.Where(batch => batch.Offset >= log.Offsets.Start))
            {
                var region = log.Read(offset, maxBytes: 1, atLeastOne: true).Records!;
                var stored = new byte[region.Length];
                RandomAccess.Read(region.Handle, stored, region.Position);
                Assert.Equal(bytes, stored);
            }
        }

        private PartitionLog Log(Model partition) => data.Topics.FindPartition(partition.Topic, partition.Index)!;

        private void CreateTopic()
        {
            var (error, topic) = data.Topics.Create($"topic-{model.Count}", Partitions, data.Topics.Defaults);
            Assert.Equal(ErrorCode.None, error);
            for (var index = 0; index < Partitions; index++) model.Add(new Model(topic!.Name, topic.Id, index));
        }

        private void Append(Model partition, int number)
        {
            var batch = Next(partition, number);
            var (error, offset, _) = Log(partition).Append(batch, data.Topics.Defaults);
            Assert.Equal((ErrorCode.None, partition.End), (error, offset));
            RecordBatch.Assign(batch, offset, Node.LeaderEpoch);
            partition.Batches.Add((offset, batch));
        }

        private static byte[] Next(Model partition, int number) =>
            Batches.Of(1, number, timestamp: 1_000 + partition.End, producerId: 7, epoch: 0, sequence: (int)partition.End);
    }

    private sealed record Model(string Topic, Guid Id, int Index)
    {
        public List<(long Offset, byte[] Bytes)> Batches { get; } = [];

        public long End => Batches.Count;
    }
}
