using Microsoft.Extensions.Configuration;

namespace Local.Publishing;

/// <summary>
/// What to publish and where to: <c>publish --target T --output DIR [--force]</c>, or Aspire's own
/// <c>--operation publish --step publish|publish-manifest --output-path P</c> and <c>--publisher manifest --output-path P</c>.
/// </summary>
internal sealed record PublishArguments(string Target, string Output, bool Force)
{
    private const string DefaultManifest = "aspire-manifest.json";

    internal const string Compose = "compose";
    internal const string Kubernetes = "kubernetes";
    internal const string Manifest = "manifest";

    private const string Usage = "publish --target compose|kubernetes|manifest --output DIR [--force]";

    /// <summary>The folder to write to: for a manifest, the path may name the file itself.</summary>
    internal string Folder => NamesManifest ? Path.GetDirectoryName(Output)! : Output;

    internal string ManifestFile => NamesManifest ? Path.GetFileName(Output) : DefaultManifest;

    private bool NamesManifest => Target == Manifest && Output.EndsWith(".json", StringComparison.OrdinalIgnoreCase);

    /// <summary>The command's own words as switches that have a value each. Words that nobody knows are reported later, by <see cref="Read"/>.</summary>
    internal static string[] Expand(string[] args) =>
        !IsCommand(args)
            ? args
            : ["--operation", "publish", .. args.Skip(1).Where(a => a.StartsWith("--", StringComparison.Ordinal) || a == "-o" || !a.StartsWith('-'))
                .SelectMany(a => a == "--force" ? new[] { a, "true" } : [a])];

    internal static Dictionary<string, string> SwitchMappings { get; } = new(StringComparer.OrdinalIgnoreCase)
    {
        ["--operation"] = "AppHost:Operation",
        ["--publisher"] = "Publishing:Publisher",
        ["--step"] = "Pipeline:Step",
        ["--output-path"] = "Pipeline:OutputPath",
        ["-o"] = "Pipeline:OutputPath",
        ["--output"] = "Pipeline:OutputPath",
        // Read by the AppHost too: it says which environment of Aspire's the model is published for.
        ["--target"] = "Publish:Target",
        ["--force"] = "Pipeline:Force",
    };

    internal static bool IsAsked(IConfiguration configuration) =>
        "publish".Equals(configuration["AppHost:Operation"], StringComparison.OrdinalIgnoreCase) || configuration["Publishing:Publisher"] is not null;

    /// <exception cref="PublishUsageException">What is missing or wrong, in one line.</exception>
    internal static PublishArguments Read(string[] args, IConfiguration configuration)
    {
        if (IsCommand(args))
            RejectUnknown(args.Skip(1));
        var target = configuration["Publish:Target"] ?? (MeansManifest(configuration) ? Manifest : null)
            ?? throw new PublishUsageException($"--target is missing: {Usage}");
        if (target is not (Compose or Kubernetes or Manifest))
            throw new PublishUsageException($"Unknown target '{target}': {Usage}");
        var output = configuration["Pipeline:OutputPath"];
        if (string.IsNullOrWhiteSpace(output))
            throw new PublishUsageException($"--output is missing: {Usage}");
        return new(target, Path.GetFullPath(output), configuration.GetValue("Pipeline:Force", defaultValue: false));
    }

    private static bool IsCommand(string[] args) => args is ["publish", ..];

    private static bool MeansManifest(IConfiguration configuration) =>
        configuration["Publishing:Publisher"] == "manifest" || configuration["Pipeline:Step"] == "publish-manifest";

    private static void RejectUnknown(IEnumerable<string> args)
    {
        using var rest = args.GetEnumerator();
        while (rest.MoveNext())
        {
            var name = rest.Current.Split('=')[0];
            if (name == "--force")
                continue;
            if (name is not ("--target" or "--output" or "--output-path" or "-o" or "--state") && !name.StartsWith("--Parameters:", StringComparison.OrdinalIgnoreCase)
                && !name.StartsWith("--Publishing:", StringComparison.OrdinalIgnoreCase))
                throw new PublishUsageException($"Unknown argument '{rest.Current}': {Usage}");
            if (rest.Current.Contains('=', StringComparison.Ordinal))
                continue;
            if (!rest.MoveNext() || rest.Current.StartsWith('-'))
                throw new PublishUsageException($"{name} needs a value: {Usage}");
        }
    }
}

/// <summary>The caller's mistake, in one line.</summary>
internal sealed class PublishUsageException(string message) : Exception(message);
