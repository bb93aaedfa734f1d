using System.Text.Json;
using System.Text.RegularExpressions;

namespace Monitoring.Tests;

/// <summary>What deploy/monitoring and the runbooks hold.</summary>
internal static partial class MonitoringFiles
{
    /// <summary>Rules about exporters that only a deployed system has.</summary>
    public const string DeployedOnly = "deployed.yml";

    public static readonly string Root = FindRoot();

    public static readonly string Folder = Path.Combine(Root, "deploy/monitoring");

    public static readonly string Runbooks = Path.Combine(Root, "docs/incidents/runbooks");

    public static IReadOnlyList<string> RuleFiles { get; } = Files(Path.Combine(Folder, "prometheus/rules"), "*.yml");

    public static IReadOnlyList<string> Dashboards { get; } = Files(Path.Combine(Folder, "grafana/dashboards"), "*.json");

    public static IReadOnlyList<Alert> Alerts { get; } = RuleFiles.SelectMany(AlertsOf).ToList();

    public static IReadOnlySet<string> RecordedMetrics { get; } =
        RuleFiles.SelectMany(f => Recorded().Matches(File.ReadAllText(f))).Select(m => m.Groups[1].Value).ToHashSet(StringComparer.Ordinal);

    /// <summary>Each expression that the system on one machine has to answer, with where it stands.</summary>
    public static IEnumerable<(string Where, string Expression)> Expressions =>
        RuleFiles.Where(f => Path.GetFileName(f) != DeployedOnly).SelectMany(f => RuleExpression().Matches(Comment().Replace(File.ReadAllText(f), ""))
                .Select(m => (Path.GetFileName(f), m.Groups["expr"].Value)))
            .Concat(Dashboards.SelectMany(f => PanelExpressions(f).Select(e => (Path.GetFileName(f), e))));

    public static IEnumerable<string> PanelExpressions(string dashboard)
    {
        using var json = JsonDocument.Parse(File.ReadAllText(dashboard));
        return Find(json.RootElement).ToList();

        static IEnumerable<string> Find(JsonElement element) => element.ValueKind switch
        {
            JsonValueKind.Object => element.EnumerateObject().SelectMany(p =>
                p.Name == "expr" && p.Value.ValueKind == JsonValueKind.String ? [p.Value.GetString()!] : Find(p.Value)),
            JsonValueKind.Array => element.EnumerateArray().SelectMany(Find),
            _ => [],
        };
    }

    private static IEnumerable<Alert> AlertsOf(string file) => File.ReadAllText(file).Split("- alert: ").Skip(1)
        .Select(text => new Alert(
            text[..text.IndexOf('\n', StringComparison.Ordinal)].Trim(),
            Severity().Match(text).Groups[1].Value, Summary().Match(text).Groups[1].Value, RunbookUrl().Match(text).Groups[1].Value));

    private static List<string> Files(string folder, string pattern) => Directory.GetFiles(folder, pattern).Order(StringComparer.Ordinal).ToList();

    private static string FindRoot()
    {
        for (var at = new DirectoryInfo(AppContext.BaseDirectory); at is not null; at = at.Parent)
        {
            if (File.Exists(Path.Combine(at.FullName, "Concert.sln")))
                return at.FullName;
        }
        throw new InvalidOperationException("The tests do not run within the repository.");
    }

    // An expression ends where the next key of its rule begins.
    [GeneratedRegex(@"^\s+expr: (?<expr>.*?)(?=^\s+(for|labels|annotations|- record|- alert|- name|interval):|\z)", RegexOptions.Multiline | RegexOptions.Singleline | RegexOptions.ExplicitCapture)]
    private static partial Regex RuleExpression();

    [GeneratedRegex(@"^\s*#.*$", RegexOptions.Multiline)]
    private static partial Regex Comment();

    [GeneratedRegex(@"- record: (\S+)")]
    private static partial Regex Recorded();

    [GeneratedRegex(@"severity: (\w+)")]
    private static partial Regex Severity();

    [GeneratedRegex(@"summary: ""(.+)""")]
    private static partial Regex Summary();

    [GeneratedRegex(@"runbook_url: (\S+)")]
    private static partial Regex RunbookUrl();
}

internal sealed record Alert(string Name, string Severity, string Summary, string RunbookUrl);
