namespace Local.Kafka.Log;

/// <summary>A topic as it is now; adding partitions makes a new one.</summary>
internal sealed record Topic(string Name, Guid Id, TopicConfig Config, IReadOnlyList<PartitionLog> Partitions);
