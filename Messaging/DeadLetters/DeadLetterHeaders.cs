namespace Messaging;

/// <summary>What a dead letter carries beside the headers of its original record.</summary>
internal static class DeadLetterHeaders
{
    public const string Topic = "dead-letter-topic";
    public const string Partition = "dead-letter-partition";
    public const string Offset = "dead-letter-offset";
    public const string Group = "dead-letter-group";
    public const string Attempts = "dead-letter-attempts";
    public const string FailedAt = "dead-letter-failed-at";
    public const string Error = "dead-letter-error";

    /// <summary>On a record without a value, behind a dead letter: that one, by its offset, was replayed.</summary>
    public const string Replayed = "dead-letter-replayed";

    public static readonly string[] All = [Topic, Partition, Offset, Group, Attempts, FailedAt, Error];
}
