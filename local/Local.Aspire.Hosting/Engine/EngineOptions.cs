using Microsoft.Extensions.Configuration;

namespace Local.Engine;

/// <summary>How this run differs from the usual one. Arguments, or configuration of the same names.</summary>
internal sealed record EngineOptions(string StateDirectory)
{
    private static readonly string[] Flags = ["--reset", "--free-ports", "--verbose", "--no-dashboard", "--monitoring"];

    internal static Dictionary<string, string> SwitchMappings { get; } = new(StringComparer.OrdinalIgnoreCase)
    {
        ["--state"] = "Engine:State",
        ["--reset"] = "Engine:Reset",
        ["--free-ports"] = "Engine:FreePorts",
        ["--verbose"] = "Engine:Verbose",
        ["--no-dashboard"] = "Engine:NoDashboard",
        ["--monitoring"] = "Monitoring",
    };

    /// <summary>Begin with empty stores.</summary>
    public bool Reset { get; init; }

    /// <summary>Any free port instead of those the model names, so that several systems run side by side.</summary>
    public bool FreePorts { get; init; }

    /// <summary>Every line that a resource writes goes to the console too.</summary>
    public bool Verbose { get; init; }

    /// <summary>Whether missing Debian packages may be installed.</summary>
    public bool MayInstall { get; init; } = true;

    /// <summary>No pages, and no telemetry unless <see cref="Otlp"/> says where to.</summary>
    public bool NoDashboard { get; init; }

    /// <summary>Opens the dashboard; null makes up a new one for this run.</summary>
    public string? BrowserToken { get; init; }

    /// <summary>What services have to show the dashboard; null where it takes all telemetry of this machine.</summary>
    public string? OtlpApiKey { get; init; }

    /// <summary>What the dashboard calls the whole.</summary>
    public string ApplicationName { get; init; } = "AppHost";

    public OtlpTarget? Otlp { get; init; }

    internal static EngineOptions From(IConfiguration configuration, string appHostDirectory) =>
        new(Path.GetFullPath(configuration["Engine:State"] ?? configuration["APPHOST_STATE"] ?? Path.Combine(Path.GetDirectoryName(Solution(appHostDirectory)) ?? appHostDirectory, ".state")))
        {
            Reset = configuration.GetValue("Engine:Reset", defaultValue: false),
            FreePorts = configuration.GetValue("Engine:FreePorts", defaultValue: false),
            Verbose = configuration.GetValue("Engine:Verbose", defaultValue: false),
            NoDashboard = configuration.GetValue("Engine:NoDashboard", defaultValue: false),
            BrowserToken = configuration["ASPIRE_DASHBOARD_FRONTEND_BROWSERTOKEN"] is { Length: > 0 } token ? token : null,
            OtlpApiKey = configuration["AppHost:OtlpApiKey"] is { Length: > 0 } key ? key : null,
            Otlp = OtlpTarget.From(configuration),
            ApplicationName = Solution(appHostDirectory) is { } solution ? Path.GetFileNameWithoutExtension(solution) : Path.GetFileName(appHostDirectory),
            MayInstall = InstallingIsAllowed(configuration["APPHOST_INSTALL"]),
        };

    internal static bool InstallingIsAllowed(string? setting) => setting != "never";

    /// <summary>A flag stands alone on the command line, where the configuration provider wants a value.</summary>
    internal static string[] ExpandSwitches(string[] args) =>
        args.SelectMany(a => Flags.Contains(a, StringComparer.OrdinalIgnoreCase) ? new[] { a, "true" } : [a]).ToArray();

    /// <summary>The solution in the nearest folder above, which is the repository's root.</summary>
    private static string? Solution(string directory)
    {
        for (var at = new DirectoryInfo(directory); at is not null; at = at.Parent)
        {
            if (at.EnumerateFiles("*.sln*").FirstOrDefault() is { } solution)
                return solution.FullName;
        }
        return null;
    }
}
