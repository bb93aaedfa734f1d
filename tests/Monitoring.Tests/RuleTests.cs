namespace Monitoring.Tests;

public sealed class RuleTests
{
    private static readonly string Tests = Path.Combine(MonitoringFiles.Root, "tests/Monitoring.Tests/Rules");

    public static TheoryData<string> TestFiles => new(Directory.GetFiles(Tests, "*.yml").Select(f => Path.GetFileName(f)!));

    [Fact]
    public Task Rules_are_valid() => Tools.SucceedsAsync("promtool", ["check", "rules", .. MonitoringFiles.RuleFiles]);

    [Theory]
    [MemberData(nameof(TestFiles))]
    public Task Alerts_fire_when_they_should_and_are_silent_when_not(string file) =>
        Tools.SucceedsAsync("promtool", "test", "rules", Path.Combine(Tests, file));

    [Fact]
    public void Each_alert_is_tested_both_ways()
    {
        var tests = string.Concat(Directory.GetFiles(Tests, "*.yml").Select(File.ReadAllText));
        Assert.All(MonitoringFiles.Alerts, alert =>
        {
            Assert.Contains($"alertname: {alert.Name}, exp_alerts: []", tests, StringComparison.Ordinal);
            Assert.Contains($"alertname: {alert.Name}\n        exp_alerts:\n          - exp_labels", tests, StringComparison.Ordinal);
        });
    }

    [Fact]
    public void Each_alert_says_how_urgent_it_is_and_what_to_do()
    {
        Assert.All(MonitoringFiles.Alerts, alert =>
        {
            Assert.Contains(alert.Severity, new[] { "page", "ticket" });
            Assert.EndsWith(".", alert.Summary, StringComparison.Ordinal);
            Assert.Equal($"docs/incidents/runbooks/{alert.Name}.md", alert.RunbookUrl);
            var runbook = File.ReadAllText(Path.Combine(MonitoringFiles.Root, alert.RunbookUrl));
            foreach (var part in new[] { "## What it means", "## How to confirm", "## How to mitigate now", "## How to fix" })
                Assert.Contains(part, runbook, StringComparison.Ordinal);
        });
    }

    [Fact]
    public void Each_runbook_is_of_an_alert() =>
        Assert.Equal(
            MonitoringFiles.Alerts.Select(a => a.Name).Order(StringComparer.Ordinal),
            Directory.GetFiles(MonitoringFiles.Runbooks, "*.md").Select(f => Path.GetFileNameWithoutExtension(f)!).Order(StringComparer.Ordinal));
}
