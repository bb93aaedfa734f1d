using Local.Kafka.Log;
using Local.Kafka.Protocol;
using Local.Kafka.Protocol.Messages;
using Microsoft.Extensions.Logging;

namespace Local.Kafka.Server;

/// <summary>Writing and reading records, and finding offsets.</summary>
internal sealed partial class RecordApis(TopicStore topics, TimeProvider time, ILogger<RecordApis> logger)
{
    /// <summary>What a fetch may return at most, whatever it asks for: a frame's size must stay well inside 32 bits.</summary>
    private const int MaxFetchBytes = 256 << 20;

    private const long LatestTimestamp = -1;
    private const long EarliestTimestamp = -2;
    private const long MaxTimestamp = -3;
    private const long EarliestLocalTimestamp = -4;

    public ProduceResponse Produce(ProduceRequest request)
    {
        var refusal = request.TransactionalId is not null ? ErrorCode.TransactionalIdAuthorizationFailed
            : request.Acks is < -1 or > 1 ? ErrorCode.InvalidRequiredAcks
            : ErrorCode.None;
        return new ProduceResponse(Array.ConvertAll(request.Topics, topic => new ProduceResponse.Topic(
            topic.Name,
            Array.ConvertAll(topic.Partitions, partition => Append(topic.Name, partition, refusal)))));
    }

    public async ValueTask<IResponse> FetchAsync(FetchRequest request, CancellationToken ct)
    {
        if (request.SessionId != 0) return new FetchResponse(ErrorCode.FetchSessionIdNotFound, []);
        var (topicsRead, bytes, isFinal) = Read(request);
        if (bytes >= request.MinBytes || isFinal || request.MaxWaitMs <= 0) return topicsRead;

        var signal = new AppendSignal();
        var isOver = false;
        await using var timer = time.CreateTimer(_ =>
        {
            Volatile.Write(ref isOver, true);
            signal.Set();
        }, null, TimeSpan.FromMilliseconds(request.MaxWaitMs), Timeout.InfiniteTimeSpan);
        var watched = request.Topics.SelectMany(topic => topic.Partitions.Select(partition => Find(topic, partition.Index))).OfType<PartitionLog>().ToList();
        foreach (var partition in watched) partition.Watch(signal);
        try
        {
            while (true)
            {
                (topicsRead, bytes, isFinal) = Read(request);
                if (bytes >= request.MinBytes || isFinal || Volatile.Read(ref isOver)) return topicsRead;
                await signal.Task.WaitAsync(ct);
                signal.Reset();
            }
        }
        finally
        {
            foreach (var partition in watched) partition.Unwatch(signal);
        }
    }

    public ListOffsetsResponse ListOffsets(ListOffsetsRequest request) => new(Array.ConvertAll(request.Topics, topic => new ListOffsetsResponse.Topic(
        topic.Name,
        Array.ConvertAll(topic.Partitions, asked =>
        {
            if (topics.FindPartition(topic.Name, asked.Index) is not { } partition)
                return new ListOffsetsResponse.Partition(asked.Index, ErrorCode.UnknownTopicOrPartition, -1, -1, -1);
            var error = CheckEpoch(asked.LeaderEpoch);
            if (error != ErrorCode.None) return new ListOffsetsResponse.Partition(asked.Index, error, -1, -1, -1);
            var found = asked.Timestamp switch
            {
                LatestTimestamp => new TimestampedOffset(partition.Offsets.End, -1),
                EarliestTimestamp or EarliestLocalTimestamp => new TimestampedOffset(partition.Offsets.Start, -1),
                MaxTimestamp => partition.FindLatestByTime(),
                >= 0 => partition.FindByTime(asked.Timestamp),
                _ => null,
            };
            return found is { } offset
                ? new ListOffsetsResponse.Partition(asked.Index, ErrorCode.None, offset.Timestamp, offset.Offset, Node.LeaderEpoch)
                : new ListOffsetsResponse.Partition(asked.Index, ErrorCode.None, -1, -1, -1);
        }))));

    public DeleteRecordsResponse DeleteRecords(DeleteRecordsRequest request) => new(Array.ConvertAll(request.Topics, topic => new DeleteRecordsResponse.Topic(
        topic.Name,
        Array.ConvertAll(topic.Partitions, asked =>
        {
            if (topics.FindPartition(topic.Name, asked.Index) is not { } partition)
                return new DeleteRecordsResponse.Partition(asked.Index, -1, ErrorCode.UnknownTopicOrPartition);
            return partition.TryDeleteRecordsBefore(asked.Offset < 0 ? partition.Offsets.End : asked.Offset)
                ? new DeleteRecordsResponse.Partition(asked.Index, partition.Offsets.Start, ErrorCode.None)
                : new DeleteRecordsResponse.Partition(asked.Index, -1, ErrorCode.OffsetOutOfRange);
        }))));

    public OffsetForLeaderEpochResponse OffsetForLeaderEpoch(OffsetForLeaderEpochRequest request) => new(Array.ConvertAll(request.Topics, topic => new OffsetForLeaderEpochResponse.Topic(
        topic.Name,
        Array.ConvertAll(topic.Partitions, asked =>
        {
            if (topics.FindPartition(topic.Name, asked.Index) is not { } partition)
                return new OffsetForLeaderEpochResponse.Partition(asked.Index, ErrorCode.UnknownTopicOrPartition, -1, -1);
            var error = CheckEpoch(asked.CurrentLeaderEpoch);
            if (error == ErrorCode.None && asked.LeaderEpoch == Node.LeaderEpoch)
                return new OffsetForLeaderEpochResponse.Partition(asked.Index, ErrorCode.None, Node.LeaderEpoch, partition.Offsets.End);
            return new OffsetForLeaderEpochResponse.Partition(asked.Index, error, -1, -1);
        }))));

    private ProduceResponse.Partition Append(string topicName, ProduceRequest.Partition sent, ErrorCode refusal)
    {
        if (refusal != ErrorCode.None) return Refuse(refusal, null);
        if (topics.Find(topicName) is not { } topic || (uint)sent.Index >= (uint)topic.Partitions.Count) return Refuse(ErrorCode.UnknownTopicOrPartition, null);
        if (sent.Records is not { Length: > 0 } records) return Refuse(ErrorCode.InvalidRecord, "there are no records");
        try
        {
            var result = topic.Partitions[sent.Index].Append(records, topic.Config);
            return result.Error == ErrorCode.None
                ? new ProduceResponse.Partition(sent.Index, ErrorCode.None, result.BaseOffset, result.StartOffset, null)
                : Refuse(result.Error, null);
        }
        catch (IOException failure)
        {
            LogNotStored(failure, topicName, sent.Index);
            return Refuse(ErrorCode.StorageError, failure.Message);
        }

        ProduceResponse.Partition Refuse(ErrorCode error, string? message) => new(sent.Index, error, -1, -1, message);
    }

    /// <summary>IsFinal: an error makes waiting for more pointless.</summary>
    private (FetchResponse Response, long Bytes, bool IsFinal) Read(FetchRequest request)
    {
        var left = Math.Min(request.MaxBytes, MaxFetchBytes);
        var bytes = 0L;
        var isFinal = false;
        var answers = Array.ConvertAll(request.Topics, topic => new FetchResponse.Topic(topic.Name, topic.Id, Array.ConvertAll(topic.Partitions, asked =>
        {
            var answer = Read(topic, asked, Math.Min(asked.MaxBytes, left), isFirst: bytes == 0);
            var size = answer.Records?.Length ?? 0;
            left = Math.Max(0, left - size);
            bytes += size;
            isFinal |= answer.Error != ErrorCode.None;
            return answer;
        })));
        return (new FetchResponse(ErrorCode.None, answers), bytes, isFinal);
    }

    private FetchResponse.Partition Read(FetchRequest.Topic topic, FetchRequest.Partition asked, int maxBytes, bool isFirst)
    {
        if (Find(topic, asked.Index) is not { } partition)
            return new FetchResponse.Partition(asked.Index, topic.Name is null && topics.Find(topic.Id) is null ? ErrorCode.UnknownTopicId : ErrorCode.UnknownTopicOrPartition, -1, -1, null);
        var error = CheckEpoch(asked.LeaderEpoch);
        if (error != ErrorCode.None) return new FetchResponse.Partition(asked.Index, error, -1, -1, null);
        if (maxBytes <= 0 && !isFirst)
        {
            var bounds = partition.Offsets;
            return new FetchResponse.Partition(asked.Index, ErrorCode.None, bounds.End, bounds.Start, null);
        }
        var (outcome, offsets, records) = partition.Read(asked.Offset, maxBytes, atLeastOne: isFirst);
        return outcome == ErrorCode.None
            ? new FetchResponse.Partition(asked.Index, ErrorCode.None, offsets.End, offsets.Start, records)
            : new FetchResponse.Partition(asked.Index, outcome, -1, -1, null);
    }

    private PartitionLog? Find(FetchRequest.Topic topic, int index)
    {
        var found = topic.Name is { } name ? topics.Find(name) : topics.Find(topic.Id);
        return found is not null && (uint)index < (uint)found.Partitions.Count ? found.Partitions[index] : null;
    }

    private static ErrorCode CheckEpoch(int epoch) => epoch switch
    {
        -1 or Node.LeaderEpoch => ErrorCode.None,
        < Node.LeaderEpoch => ErrorCode.FencedLeaderEpoch,
        _ => ErrorCode.UnknownLeaderEpoch,
    };

    [LoggerMessage(Level = LogLevel.Error, Message = "A batch for {Topic} [{Partition}] could not be stored")]
    private partial void LogNotStored(Exception failure, string topic, int partition);
}
