namespace NBomber.Engine;

/// <summary>The command-line arguments that NBomber itself understands; everything else is left to the caller.</summary>
internal static class CommandLine
{
    public static SessionOptions Apply(SessionOptions options, IReadOnlyList<string> args)
    {
        for (var i = 0; i < args.Count; i++)
        {
            var (name, value) = Split(args, i);
            options = name switch
            {
                "--session-id" => options with { SessionId = value },
                "--test-suite" => options with { TestSuite = value },
                "--test-name" => options with { TestName = value },
                "--target" => options with { TargetScenarios = value.Split([',', ' '], StringSplitOptions.RemoveEmptyEntries) },
                "--display-console-metrics" => options with { DisplayConsoleMetrics = bool.Parse(value) },
                _ => options,
            };
        }
        return options;
    }

    private static (string Name, string Value) Split(IReadOnlyList<string> args, int index)
    {
        var equals = args[index].IndexOf('=', StringComparison.Ordinal);
        if (equals > 0) return (args[index][..equals], args[index][(equals + 1)..]);
        return (args[index], index + 1 < args.Count ? args[index + 1] : "");
    }
}
