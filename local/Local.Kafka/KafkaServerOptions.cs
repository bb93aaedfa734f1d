namespace Local.Kafka;

/// <summary>When a produced batch is acknowledged.</summary>
public enum FlushPolicy
{
    /// <summary>Once the operating system has it: survives a killed process, not a power cut.</summary>
    System,

    /// <summary>Once the disk has it: survives a power cut too, and costs one flush for each batch.</summary>
    Each,
}

/// <summary>Settings of one broker. The defaults suit development and tests.</summary>
public sealed record KafkaServerOptions
{
    public required string DataDirectory { get; init; }

    /// <summary>0 takes any free port; <see cref="KafkaServer.Port"/> tells which.</summary>
    public int Port { get; init; } = 9092;

    /// <summary>The name under which clients are told to reach this broker. It listens on loopback only where that is a loopback name.</summary>
    public string AdvertisedHost { get; init; } = "localhost";

    public FlushPolicy Flush { get; init; } = FlushPolicy.System;

    public bool AutoCreateTopics { get; init; } = true;

    public int DefaultPartitions { get; init; } = 12;

    public TimeSpan Retention { get; init; } = TimeSpan.FromDays(7);

    /// <summary>For each partition.</summary>
    public long RetentionBytes { get; init; } = 1L << 30;

    public int SegmentBytes { get; init; } = 64 << 20;

    public int MaxMessageBytes { get; init; } = (1 << 20) + 12;

    public TimeSpan RetentionCheckInterval { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long the offsets of a group without members are kept.</summary>
    public TimeSpan OffsetsRetention { get; init; } = TimeSpan.FromDays(7);

    public TimeSpan MinSessionTimeout { get; init; } = TimeSpan.FromSeconds(6);

    public TimeSpan MaxSessionTimeout { get; init; } = TimeSpan.FromMinutes(30);

    public int MaxConnections { get; init; } = 1_000;

    public int MaxRequestBytes { get; init; } = 16 << 20;

    /// <summary>What all large requests together may occupy while they are received and handled; further ones wait unread.</summary>
    public int MaxRequestBytesInFlight { get; init; } = 64 << 20;

    /// <summary>A connection without requests for so long is closed.</summary>
    public TimeSpan IdleTimeout { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>A request that was begun must be there within this time, and an answer taken.</summary>
    public TimeSpan TransferTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Of all topics together; each keeps a file open.</summary>
    public int MaxPartitions { get; init; } = 4_000;

    public int MaxGroups { get; init; } = 10_000;

    public int MaxGroupMembers { get; init; } = 1_000;
}
