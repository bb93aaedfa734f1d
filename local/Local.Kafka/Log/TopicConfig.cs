using System.Globalization;
using Local.Kafka.Protocol.Messages;

namespace Local.Kafka.Log;

/// <summary>The settings of a topic that have an effect here. Times and sizes: -1 is without limit.</summary>
internal sealed record TopicConfig(long RetentionMs, long RetentionBytes, int SegmentBytes, int MaxMessageBytes)
{
    private const string Retention = "retention.ms";
    private const string RetentionSize = "retention.bytes";
    private const string SegmentSize = "segment.bytes";
    private const string MaxMessage = "max.message.bytes";
    private const int SmallestSegment = 1024;

    /// <summary>Settings that clients like to send, and the only value that is true of this broker.</summary>
    private static readonly Dictionary<string, string> Fixed = new()
    {
        ["cleanup.policy"] = "delete",
        ["compression.type"] = "producer",
        ["message.timestamp.type"] = "CreateTime",
        ["min.insync.replicas"] = "1",
    };

    /// <summary>Applies overrides; null with the reason where one is unknown or out of range.</summary>
    public (TopicConfig? Config, string? Problem) With(IEnumerable<CreateTopicsRequest.Config> overrides)
    {
        var config = this;
        foreach (var (name, value) in overrides)
        {
            if (Fixed.TryGetValue(name, out var only))
            {
                if (value != only) return (null, $"{name} can only be {only} here");
                continue;
            }
            if (!long.TryParse(value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)) return (null, $"{name}={value} is not supported");
            TopicConfig? changed = name switch
            {
                Retention when number >= -1 => config with { RetentionMs = number },
                RetentionSize when number >= -1 => config with { RetentionBytes = number },
                SegmentSize when number is >= SmallestSegment and <= int.MaxValue => config with { SegmentBytes = (int)number },
                MaxMessage when number is >= 0 and <= int.MaxValue => config with { MaxMessageBytes = (int)number },
                _ => null,
            };
            if (changed is null) return (null, $"{name}={value} is not supported");
            config = changed;
        }
        return (config, null);
    }

    public IReadOnlyList<ConfigEntry> Describe(TopicConfig defaults) =>
    [
        Entry(Retention, RetentionMs, defaults.RetentionMs),
        Entry(RetentionSize, RetentionBytes, defaults.RetentionBytes),
        Entry(SegmentSize, SegmentBytes, defaults.SegmentBytes),
        Entry(MaxMessage, MaxMessageBytes, defaults.MaxMessageBytes),
        .. Fixed.Select(pair => new ConfigEntry(pair.Key, pair.Value, ConfigSource.Default, ReadOnly: true)),
    ];

    private static ConfigEntry Entry(string name, long value, long standard) =>
        new(name, value.ToString(CultureInfo.InvariantCulture), value == standard ? ConfigSource.Default : ConfigSource.Topic, ReadOnly: false);
}
