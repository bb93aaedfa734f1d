using System.Text.Json;
using NBomber.Engine;

namespace NBomber.Reports;

/// <summary>All figures and the whole timeline, for tools.</summary>
internal static class JsonReport
{
    private static readonly JsonSerializerOptions Compact = new(JsonSerializerDefaults.Web);
    private static readonly JsonSerializerOptions Indented = new(Compact) { WriteIndented = true };

    public static string Render(SessionResult result) => JsonSerializer.Serialize(
        new
        {
            result.Stats.TestInfo,
            result.Stats.NodeInfo,
            result.Stats.Duration,
            result.StopReason,
            result.Stats.Thresholds,
            result.Stats.Metrics,
            result.Scenarios,
        },
        Indented);

    /// <summary>The timeline alone, on one line, for the page's charts.</summary>
    public static string RenderTimeline(SessionResult result) => JsonSerializer.Serialize(
        result.Scenarios.Select(s => new
        {
            Name = s.Stats.ScenarioName,
            Seconds = s.Seconds.Select(t => new
            {
                At = Math.Round(t.At.TotalSeconds, 1),
                t.Copies,
                Series = (t.Steps.Length > 0 ? t.Steps : [t.Iterations]).ToArray(),
            }),
        }),
        Compact);
}
