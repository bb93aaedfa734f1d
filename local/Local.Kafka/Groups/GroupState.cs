namespace Local.Kafka.Groups;

/// <summary>The states of a classic consumer group; the names are shown by DescribeGroups.</summary>
internal enum GroupState
{
    /// <summary>No members; perhaps committed offsets.</summary>
    Empty,

    /// <summary>Waits for all members to join again.</summary>
    PreparingRebalance,

    /// <summary>Waits for the leader's assignment.</summary>
    CompletingRebalance,

    Stable,

    /// <summary>Deleted; whoever still holds it must look the group up anew.</summary>
    Dead,
}
