namespace Local.Kafka;

/// <summary>The program's arguments.</summary>
internal static class CommandLine
{
    public const string Usage = """
        Local.Kafka --data-dir DIR [--port N] [--advertised-host HOST] [--flush system|each] [--partitions N]
                    [--auto-create true|false] [--retention-hours N] [--retention-bytes N] [--segment-bytes N]
        """;

    /// <summary>The options, or what is wrong with the arguments.</summary>
    public static (KafkaServerOptions? Options, string? Problem) Parse(string[] args)
    {
        var options = new KafkaServerOptions { DataDirectory = "" };
        for (var i = 0; i < args.Length; i += 2)
        {
            if (i + 1 == args.Length) return (null, $"{args[i]} needs a value");
            if (Apply(options, args[i], args[i + 1]) is not { } applied) return (null, $"{args[i]} {args[i + 1]} is not understood");
            options = applied;
        }
        return options.DataDirectory.Length == 0 ? (null, "--data-dir is missing") : (options, null);
    }

    private static KafkaServerOptions? Apply(KafkaServerOptions options, string name, string value) => name switch
    {
        "--data-dir" => options with { DataDirectory = value },
        "--advertised-host" => options with { AdvertisedHost = value },
        "--port" when ushort.TryParse(value, out var port) => options with { Port = port },
        "--flush" when Enum.TryParse<FlushPolicy>(value, ignoreCase: true, out var flush) => options with { Flush = flush },
        "--partitions" when int.TryParse(value, out var count) && count > 0 => options with { DefaultPartitions = count },
        "--auto-create" when bool.TryParse(value, out var create) => options with { AutoCreateTopics = create },
        "--retention-hours" when double.TryParse(value, out var hours) && hours > 0 => options with { Retention = TimeSpan.FromHours(hours) },
        "--retention-bytes" when long.TryParse(value, out var bytes) && bytes >= -1 => options with { RetentionBytes = bytes },
        "--segment-bytes" when int.TryParse(value, out var bytes) && bytes > 0 => options with { SegmentBytes = bytes },
        _ => null,
    };
}
