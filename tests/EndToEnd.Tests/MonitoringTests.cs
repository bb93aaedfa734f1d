using System.Text.Json;
using System.Text.RegularExpressions;
using Contracts;
using Monitoring.Tests;

namespace EndToEnd.Tests;

/// <summary>Rules and dashboards against what the running system really exports, and a fault that is really notified of.</summary>
public sealed partial class MonitoringTests(RunningSystem system, Sale sale) : IClassFixture<Sale>
{
    private static readonly string[] Services =
    [
        ResourceNames.Queue, ResourceNames.Concert, ResourceNames.Reservation, ResourceNames.Payment,
        ResourceNames.PrimaryGateway, ResourceNames.BackupGateway,
    ];

    // Prometheus's own, and the labels that it puts on whatever it scrapes.
    private static readonly HashSet<string> PrometheusMetrics = new(StringComparer.Ordinal) { "up", "ALERTS" };
    private static readonly HashSet<string> PrometheusLabels = new(StringComparer.Ordinal) { "job", "instance", "__name__" };

    [Fact]
    public async Task Rules_and_dashboards_name_only_what_is_exported()
    {
        await using (var load = await sale.OpenAsync())
        {
            await Sale.SellsAsync(load);
            await load.StopAsync();
        }

        HashSet<string> missing = [];
        await Sale.EventuallyAsync(
            async () =>
            {
                var exported = await ExportedAsync();
                missing = [.. MonitoringFiles.Expressions.SelectMany(e => Missing(e.Where, new PromQl(e.Expression), exported))];
                return missing.Count == 0;
            },
            () => $"Nothing exports:\n{string.Join('\n', missing.Order(StringComparer.Ordinal))}");
    }

    /// <summary>Without buckets of its own a histogram begins at five seconds, and every quantile of it is an invention.</summary>
    [Fact]
    public async Task Durations_are_told_apart_below_a_second()
    {
        await using (var load = await sale.OpenAsync())
        {
            await Sale.SellsAsync(load);
            await load.StopAsync();
        }

        Dictionary<string, HashSet<string>> below = [];
        await Sale.EventuallyAsync(
            async () => (below = await BoundsBelowASecondAsync()).ContainsKey("messaging_process_age_seconds"),
            () => "Nobody consumed a message.");
        Assert.Empty(below.Where(b => b.Value.Count < 4).Select(b => b.Key));
    }

    [Fact]
    public async Task A_killed_service_is_notified_of()
    {
        await system.EventuallyAsync(all => all.Any(r => r is { Name: "prometheus", IsUp: true }));
        var lines = Path.Combine(system.State, "alerts.jsonl");
        await UntilScrapedAsync(ResourceNames.BackupGateway);
        sale.Parts.Kill(ResourceNames.BackupGateway);

        await Sale.EventuallyAsync(
            () => Task.FromResult(File.Exists(lines) && File.ReadLines(lines).Any(IsOfBackupGateway)),
            () => "Nobody was told.");
        using var alerts = system.Client("alerts");
        Assert.Contains(ResourceNames.BackupGateway, await alerts.GetStringAsync(new Uri("/api/v1/alerts", UriKind.Relative), TestContext.Current.CancellationToken), StringComparison.Ordinal);

        static bool IsOfBackupGateway(string line)
        {
            using var entry = JsonDocument.Parse(line);
            var labels = entry.RootElement.GetProperty("labels");
            return labels.TryGetProperty("job", out var job) && job.GetString() == ResourceNames.BackupGateway;
        }
    }

    // What has never been there cannot be missed.
    private async Task UntilScrapedAsync(string job)
    {
        using var prometheus = system.Client("prometheus");
        await Sale.EventuallyAsync(
            async () => (await prometheus.GetStringAsync(new Uri($"/api/v1/query?query=count_over_time(process_uptime_seconds{{job=\"{job}\"}}[1m])>2", UriKind.Relative)))
                .Contains("\"value\"", StringComparison.Ordinal),
            () => $"Prometheus does not scrape {job}.");
    }

    private static IEnumerable<string> Missing(string where, PromQl expression, Dictionary<string, HashSet<string>> exported)
    {
        foreach (var metric in expression.Metrics.Where(m => !PrometheusMetrics.Contains(m) && !MonitoringFiles.RecordedMetrics.Contains(m) && !exported.ContainsKey(m)))
            yield return $"{where}: {metric}";
        foreach (var (metric, label) in expression.Labels)
        {
            if (exported.TryGetValue(metric, out var labels) && !labels.Contains(label) && !PrometheusLabels.Contains(label))
                yield return $"{where}: {metric}{{{label}}}";
        }
    }

    /// <summary>Each metric of any service, with all labels that it has anywhere.</summary>
    private async Task<Dictionary<string, HashSet<string>>> ExportedAsync()
    {
        var exported = new Dictionary<string, HashSet<string>>(StringComparer.Ordinal);
        foreach (Match sample in Sample().Matches(await ScrapeAllAsync()))
        {
            if (!exported.TryGetValue(sample.Groups["name"].Value, out var labels))
                exported[sample.Groups["name"].Value] = labels = new(StringComparer.Ordinal);
            labels.UnionWith(LabelName().Matches(sample.Groups["labels"].Value).Select(l => l.Groups[1].Value));
        }
        return exported;
    }

    private async Task<Dictionary<string, HashSet<string>>> BoundsBelowASecondAsync()
    {
        var buckets = BucketOfSeconds().Matches(await ScrapeAllAsync());
        return buckets.GroupBy(b => b.Groups["name"].Value, b => b.Groups["bound"].Value, StringComparer.Ordinal).ToDictionary(
            b => b.Key, b => b.Where(bound => bound.StartsWith("0.", StringComparison.Ordinal)).ToHashSet(StringComparer.Ordinal), StringComparer.Ordinal);
    }

    // Connections go to the two replicas in turns, and some metrics are told by one of them alone: the one that relays.
    private async Task<string> ScrapeAllAsync()
    {
        var pages = new List<string>();
        foreach (var service in Services.SelectMany(s => new[] { s, s }))
        {
            using var client = system.Client(service);
            pages.Add(await client.GetStringAsync(new Uri("/metrics", UriKind.Relative), TestContext.Current.CancellationToken));
        }
        return string.Concat(pages);
    }

    [GeneratedRegex(@"^(?<name>[a-zA-Z_:][a-zA-Z0-9_:]*)\{(?<labels>.*)\} ", RegexOptions.Multiline)]
    private static partial Regex Sample();

    [GeneratedRegex(@"^(?<name>\w+_seconds)_bucket\{.*le=""(?<bound>[^""]+)""\} ", RegexOptions.Multiline)]
    private static partial Regex BucketOfSeconds();

    [GeneratedRegex("(?:^|,)(\\w+)=\"")]
    private static partial Regex LabelName();
}
