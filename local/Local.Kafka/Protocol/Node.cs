namespace Local.Kafka.Protocol;

/// <summary>The one broker of the cluster: leader of every partition, coordinator of every group, controller.</summary>
internal sealed record Node(string Host, int Port)
{
    public const int TheOnlyId = 1;

    /// <summary>There is never another leader, so the first epoch lasts.</summary>
    public const int LeaderEpoch = 0;

    public int Id { get; } = TheOnlyId;

    public void Write(WireWriter w, bool withRack)
    {
        w.Int32(Id);
        w.String(Host);
        w.Int32(Port);
        if (withRack) w.String(null);
    }
}
