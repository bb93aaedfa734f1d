namespace Local.Kafka.Groups;

/// <summary>How far a group has come in one partition.</summary>
internal readonly record struct CommittedOffset(long Offset, int LeaderEpoch, string? Metadata, long CommittedAt)
{
    /// <summary>The answer for a partition without a committed offset.</summary>
    public static readonly CommittedOffset None = new(-1, -1, "", 0);
}

internal readonly record struct OffsetKey(string Group, string Topic, int Partition);
