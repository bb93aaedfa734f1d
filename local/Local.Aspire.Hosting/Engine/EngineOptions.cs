using Microsoft.Extensions.Configuration;

namespace Local.Engine;

/// <summary>How this run differs from the usual one. Arguments, or configuration of the same names.</summary>
internal sealed record EngineOptions(string StateDirectory)
{
    private static readonly string[] Flags = ["--reset", "--free-ports", "--verbose"];

    internal static Dictionary<string, string> SwitchMappings { get; } = new(StringComparer.OrdinalIgnoreCase)
    {
        ["--state"] = "Engine:State",
        ["--reset"] = "Engine:Reset",
        ["--free-ports"] = "Engine:FreePorts",
        ["--verbose"] = "Engine:Verbose",
    };

    /// <summary>Begin with empty stores.</summary>
    public bool Reset { get; init; }

    /// <summary>Any free port instead of those the model names, so that several systems run side by side.</summary>
    public bool FreePorts { get; init; }

    /// <summary>Every line that a resource writes goes to the console too.</summary>
    public bool Verbose { get; init; }

    /// <summary>Whether missing Debian packages may be installed.</summary>
    public bool MayInstall { get; init; } = true;

    public OtlpTarget? Otlp { get; init; }

    internal static EngineOptions From(IConfiguration configuration, string appHostDirectory) =>
        new(Path.GetFullPath(configuration["Engine:State"] ?? configuration["APPHOST_STATE"] ?? Path.Combine(Root(appHostDirectory), ".state")))
        {
            Reset = configuration.GetValue("Engine:Reset", defaultValue: false),
            FreePorts = configuration.GetValue("Engine:FreePorts", defaultValue: false),
            Verbose = configuration.GetValue("Engine:Verbose", defaultValue: false),
            Otlp = OtlpTarget.From(configuration),
            MayInstall = configuration["APPHOST_INSTALL"] != "never",
        };

    /// <summary>A flag stands alone on the command line, where the configuration provider wants a value.</summary>
    internal static string[] ExpandSwitches(string[] args) =>
        args.SelectMany(a => Flags.Contains(a, StringComparer.OrdinalIgnoreCase) ? new[] { a, "true" } : [a]).ToArray();

    /// <summary>The repository's root: the nearest folder above that holds a solution.</summary>
    private static string Root(string directory)
    {
        for (var at = new DirectoryInfo(directory); at is not null; at = at.Parent)
        {
            if (at.EnumerateFiles("*.sln*").Any())
                return at.FullName;
        }
        return directory;
    }
}
