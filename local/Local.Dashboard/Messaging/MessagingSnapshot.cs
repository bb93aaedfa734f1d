namespace Local.Dashboard.Messaging;

/// <summary>The messages of the whole system at one moment.</summary>
internal sealed record MessagingSnapshot(
    IReadOnlyList<TopicRow> Topics, IReadOnlyList<GroupRow> Groups, IReadOnlyList<OutboxRow> Outboxes, IReadOnlyList<DeadLetterRow> DeadLetters,
    int DeadLettersTotal, IReadOnlyList<string> Troubles);

/// <param name="PerSecond">Null until it was looked at twice.</param>
internal sealed record TopicRow(string Name, long Messages, double? PerSecond, IReadOnlyList<PartitionOffsets> Partitions);

/// <param name="Lags">Per partition, in their order.</param>
internal sealed record GroupRow(string Group, string Topic, string State, int Members, IReadOnlyList<long> Lags)
{
    public long Lag => Lags.Sum();
}

/// <param name="Pending">Rows that wait to be sent.</param>
/// <param name="OldestSeconds">How long the oldest waits.</param>
/// <param name="GivenUp">Rows that no relay tries any more.</param>
internal sealed record OutboxRow(string Service, long Pending, double OldestSeconds, long GivenUp);

internal sealed record DeadLetterRow(
    string Service, string Id, string Topic, string Group, int? Partition, long? Offset, string? Key, string? MessageId, string? MessageType,
    DateTimeOffset? OccurredAt, DateTimeOffset? FailedAt, int? Attempts, string? Error, string? Payload);
