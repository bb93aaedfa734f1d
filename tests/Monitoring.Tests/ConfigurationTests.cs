using System.Text.Json;

namespace Monitoring.Tests;

public sealed class ConfigurationTests
{
    [Fact]
    public Task Prometheus_is_configured() => Tools.SucceedsAsync("promtool", "check", "config", "prometheus/prometheus.yml");

    [Fact]
    public Task Alertmanager_is_configured() => Tools.SucceedsAsync("amtool", "check-config", "alertmanager/alertmanager.yml");

    [Theory]
    [InlineData("page", "page")]
    [InlineData("ticket", "ticket")]
    public Task Who_is_told_follows_from_the_severity(string severity, string receiver) =>
        Tools.SucceedsAsync(
            "amtool", "config", "routes", "test", "--config.file=alertmanager/alertmanager.yml", $"--verify.receivers={receiver}", $"severity={severity}");

    [Fact]
    public void Dashboards_are_told_apart_and_each_panel_shows_something()
    {
        var uids = new HashSet<string>(StringComparer.Ordinal);
        Assert.NotEmpty(MonitoringFiles.Dashboards);
        Assert.All(MonitoringFiles.Dashboards, file =>
        {
            using var dashboard = JsonDocument.Parse(File.ReadAllText(file));
            Assert.True(uids.Add(dashboard.RootElement.GetProperty("uid").GetString()!));
            Assert.All(dashboard.RootElement.GetProperty("panels").EnumerateArray(), panel =>
            {
                Assert.NotEmpty(panel.GetProperty("title").GetString()!);
                Assert.True(panel.GetProperty("type").GetString() == "row" || panel.GetProperty("targets").GetArrayLength() > 0);
            });
        });
    }

    [Fact]
    public async Task Dashboards_use_functions_that_prometheus_knows()
    {
        // promtool reads rules only, so each panel becomes one; Grafana's own variables become what they stand for.
        var rules = MonitoringFiles.Dashboards.SelectMany(MonitoringFiles.PanelExpressions)
            .Select((expression, i) => $"      - {{record: 'panel:{i}', expr: {JsonSerializer.Serialize(expression.Replace("$__rate_interval", "1m", StringComparison.Ordinal))}}}\n");
        var file = Path.Combine(Path.GetTempPath(), $"panels-{Guid.CreateVersion7()}.yml");
        await File.WriteAllTextAsync(file, "groups:\n  - name: panels\n    rules:\n" + string.Concat(rules), TestContext.Current.CancellationToken);
        try
        {
            await Tools.SucceedsAsync("promtool", "check", "rules", file);
        }
        finally
        {
            File.Delete(file);
        }
    }
}
