using System.Buffers;
using System.Collections.Concurrent;
using System.Text.Json;
using Local.Kafka.Protocol;
using Microsoft.Extensions.Logging;

namespace Local.Kafka.Log;

/// <summary>All topics, on disk as <c>topics/NAME/topic.json</c> and one folder for each partition.</summary>
internal sealed partial class TopicStore(string directory, KafkaServerOptions options, Disk disk, ILogger<TopicStore> logger)
{
    private const string Description = "topic.json";
    private const int MaxNameLength = 249;

    private static readonly SearchValues<char> NameCharacters = SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-");

    private readonly Lock changes = new();
    private readonly ConcurrentDictionary<string, Topic> byName = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<Guid, string> namesById = new();
    private int partitionCount;

    public TopicConfig Defaults { get; } = new(
        (long)options.Retention.TotalMilliseconds, options.RetentionBytes, options.SegmentBytes, options.MaxMessageBytes);

    public IEnumerable<Topic> All => byName.Values.OrderBy(topic => topic.Name, StringComparer.Ordinal);

    private sealed record Stored(Guid Id, int Partitions, TopicConfig Config);

    /// <summary>Opens every partition, on all processors: recovery after a crash reads the tails of all logs.</summary>
    public void Open()
    {
        Directory.CreateDirectory(directory);
        Parallel.ForEach(Directory.EnumerateDirectories(directory), path =>
        {
            var description = Path.Combine(path, Description);
            if (!File.Exists(description))
            {
                Directory.Delete(path, recursive: true); // its creation or deletion was cut short
                return;
            }
            var stored = JsonSerializer.Deserialize<Stored>(File.ReadAllBytes(description))!;
            var partitions = new PartitionLog[stored.Partitions];
            Parallel.For(0, partitions.Length, index => partitions[index] = OpenPartition(path, index));
            Add(new Topic(Path.GetFileName(path), stored.Id, stored.Config, partitions));
        });
    }

    public void Close()
    {
        foreach (var partition in byName.Values.SelectMany(topic => topic.Partitions)) partition.Close();
    }

    public Topic? Find(string name) => byName.GetValueOrDefault(name);

    public Topic? Find(Guid id) => namesById.TryGetValue(id, out var name) ? Find(name) : null;

    public PartitionLog? FindPartition(string name, int index) =>
        Find(name) is { } topic && (uint)index < (uint)topic.Partitions.Count ? topic.Partitions[index] : null;

    public (ErrorCode Error, Topic? Topic) Create(string name, int partitions, TopicConfig config)
    {
        lock (changes)
        {
            var error = CanCreate(name, partitions);
            if (error != ErrorCode.None) return (error, Find(name));
            var path = PathOf(name);
            Directory.CreateDirectory(path);
            var logs = new PartitionLog[partitions];
            for (var index = 0; index < partitions; index++) logs[index] = OpenPartition(path, index);
            var topic = new Topic(name, Guid.CreateVersion7(), config, logs);
            Describe(topic);
            disk.FlushFolder(directory);
            Add(topic);
            LogCreated(name, partitions);
            return (ErrorCode.None, topic);
        }
    }

    public ErrorCode CanCreate(string name, int partitions)
    {
        if (!IsValid(name)) return ErrorCode.InvalidTopic;
        if (byName.ContainsKey(name)) return ErrorCode.TopicAlreadyExists;
        if (partitions < 1) return ErrorCode.InvalidPartitions;
        return partitions > options.MaxPartitions - partitionCount ? ErrorCode.PolicyViolation : ErrorCode.None;
    }

    public ErrorCode AddPartitions(string name, int count, bool validateOnly)
    {
        lock (changes)
        {
            if (Find(name) is not { } topic) return ErrorCode.UnknownTopicOrPartition;
            var added = count - topic.Partitions.Count;
            if (added <= 0) return ErrorCode.InvalidPartitions;
            if (added > options.MaxPartitions - partitionCount) return ErrorCode.PolicyViolation;
            if (validateOnly) return ErrorCode.None;
            var more = Enumerable.Range(topic.Partitions.Count, added).Select(index => OpenPartition(PathOf(name), index));
            topic = topic with { Partitions = [.. topic.Partitions, .. more] };
            Describe(topic);
            byName[name] = topic;
            partitionCount += added;
            return ErrorCode.None;
        }
    }

    public bool TryDelete(string name)
    {
        lock (changes)
        {
            if (!byName.TryRemove(name, out var topic)) return false;
            namesById.TryRemove(topic.Id, out _);
            partitionCount -= topic.Partitions.Count;
            foreach (var partition in topic.Partitions) partition.Delete();
            File.Delete(Path.Combine(PathOf(name), Description)); // first: without it, what is left is rubbish
            Directory.Delete(PathOf(name), recursive: true);
            LogDeleted(name);
            return true;
        }
    }

    public void EnforceRetention(DateTimeOffset now)
    {
        foreach (var topic in byName.Values)
        {
            foreach (var partition in topic.Partitions) partition.EnforceRetention(topic.Config, now);
        }
    }

    private void Add(Topic topic)
    {
        byName[topic.Name] = topic;
        namesById[topic.Id] = topic.Name;
        Interlocked.Add(ref partitionCount, topic.Partitions.Count);
    }

    private void Describe(Topic topic) => DurableFile.Replace(
        Path.Combine(PathOf(topic.Name), Description),
        JsonSerializer.SerializeToUtf8Bytes(new Stored(topic.Id, topic.Partitions.Count, topic.Config)),
        disk);

    private PartitionLog OpenPartition(string path, int index)
    {
        var partition = Path.Combine(path, index.ToString());
        return PartitionLog.Open(partition, disk, bytes => LogCut(partition, bytes));
    }

    private string PathOf(string name) => Path.Combine(directory, name);

    /// <summary>A valid name is a safe folder name too.</summary>
    private static bool IsValid(string name) => name.Length is > 0 and <= MaxNameLength && name is not ("." or "..") && !name.AsSpan().ContainsAnyExcept(NameCharacters);

    [LoggerMessage(Level = LogLevel.Information, Message = "Created topic {Topic} with {Partitions} partitions")]
    private partial void LogCreated(string topic, int partitions);

    [LoggerMessage(Level = LogLevel.Information, Message = "Deleted topic {Topic}")]
    private partial void LogDeleted(string topic);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Partition} ended in {Bytes} bytes that are no valid batch; cut off")]
    private partial void LogCut(string partition, long bytes);
}
