using System.Text;
using LoadTests.Drills;
using LoadTests.Results;

namespace LoadTests.Postmortems;

/// <summary>Lays what Prometheus and the record of notifications know of a time range beside the questions that only people can answer.</summary>
internal sealed class Postmortem(PrometheusReader prometheus, AlertRecord alerts)
{
    private const string Requests = "http_server_request_duration_seconds_count{http_route=~\"/api/.*\", job!~\"gateway-.*\"}";
    private const string Errors = "http_server_request_duration_seconds_count{http_route=~\"/api/.*\", http_response_status_code=~\"5..\", job!~\"gateway-.*\"}";
    private const string ForPeople = "_(for people to fill in)_";

    private static readonly (string File, string Title, string Query)[] Charts =
    [
        ("requests.svg", "requests a second", "job:http_requests:rate30s"),
        ("errors.svg", "server errors a second", "job:http_errors:rate30s"),
        ("latency.svg", "p95 latency, seconds", "job:http_request_duration_seconds:p95_rate30s"),
    ];

    /// <summary>Returns the report's path.</summary>
    public async Task<string> WriteAsync(string folder, string title, DateTimeOffset from, DateTimeOffset to, CancellationToken cancel)
    {
        var name = Text.Invariant($"{from:yyyy-MM-dd}-{string.Concat(title.ToLowerInvariant().Select(c => char.IsLetterOrDigit(c) ? c : '-'))}");
        Directory.CreateDirectory(Path.Combine(folder, "charts"));
        foreach (var (file, heading, query) in Charts)
        {
            var series = await prometheus.RangeAsync(query, "job", from, to, cancel);
            await File.WriteAllTextAsync(Path.Combine(folder, "charts", $"{name}-{file}"), SvgChart.Draw(heading, series), cancel);
        }
        var report = Path.Combine(folder, $"{name}.md");
        await File.WriteAllTextAsync(report, await RenderAsync(name, title, from, to, cancel), cancel);
        return report;
    }

    private async Task<string> RenderAsync(string name, string title, DateTimeOffset from, DateTimeOffset to, CancellationToken cancel)
    {
        var length = to - from;
        var requests = await SumAsync(Requests, from, to, cancel);
        var errors = await SumAsync(Errors, from, to, cancel);
        var booked = await SumAsync("reservations_changes_total{status=\"confirmed\"}", from, to, cancel);
        var bookedBefore = await SumAsync("reservations_changes_total{status=\"confirmed\"}", from - length, from, cancel);
        var revenue = await SumAsync("payments_revenue_KRW_total", from, to, cancel);
        var revenueBefore = await SumAsync("payments_revenue_KRW_total", from - length, from, cancel);
        var notifications = alerts.Between(from, to);
        var text = new StringBuilder();
        text.Append(Text.Invariant($"# {title}, {from:yyyy-MM-dd}\n\n{from:yyyy-MM-dd HH:mm} to {to:yyyy-MM-dd HH:mm} UTC. Severity: {ForPeople}\n"));
        text.Append(Text.Invariant($"\n## First notice to customers\n\n> Since {from:HH:mm} UTC a part of our service has not worked as it should. Seats that you hold and payments that you have made are safe; please do not pay twice. We will tell you more by {from.AddMinutes(30):HH:mm} UTC.\n"));
        text.Append("\n## Timeline\n\n| UTC | what happened |\n|---|---|\n");
        foreach (var n in notifications) text.Append($"| {Text.Of(n.ReceivedAt)} | {(n.IsFiring ? $"notification ({n.Severity}): {n.Alert}: {n.Summary}" : $"notification: {n.Alert} is over")} |\n");
        text.Append($"| | {ForPeople} |\n");
        text.Append(Text.Invariant($"\n## Scope and impact\n\n| | |\n|---|---:|\n| requests | {requests:N0} |\n| server errors | {errors:N0} ({(requests > 0 ? 100 * errors / requests : 0):0.0} %) |\n| bookings | {booked:N0}; in as long a time before, {bookedBefore:N0} |\n| revenue | {revenue:N0} won; in as long a time before, {revenueBefore:N0} won |\n"));
        text.Append($"\nWho was affected, and how: {ForPeople}\n");
        text.Append($"\n## Detection and recovery\n\nFirst notification: {(notifications.FirstOrDefault(n => n.IsFiring) is { } first ? $"{first.Alert}, {Judgement.Seconds(first.ReceivedAt - from)} after the beginning" : "none")}. What was done: {ForPeople}\n");
        text.Append("\n## Charts\n\nSeconds since the beginning.\n\n");
        foreach (var (file, heading, _) in Charts) text.Append($"![{heading}](charts/{name}-{file})\n\n");
        text.Append("## Five whys\n\n").AppendJoin('\n', Enumerable.Range(1, 5).Select(i => $"{i}. Why? {ForPeople}")).Append('\n');
        text.Append($"\n## Actions\n\n- Now: {ForPeople}\n- This month: {ForPeople}\n- Later: {ForPeople}\n\n## Runbooks used\n\n");
        text.AppendJoin('\n', notifications.Where(n => n.RunbookUrl.Length > 0).Select(n => $"- [{n.Alert}](../runbooks/{n.Alert}.md)").Distinct(StringComparer.Ordinal).DefaultIfEmpty("None."));
        return text.Append('\n').ToString();
    }

    private Task<double> SumAsync(string series, DateTimeOffset from, DateTimeOffset to, CancellationToken cancel) =>
        prometheus.ValueAsync(Text.Invariant($"sum(increase({series}[{Math.Max(1, (int)(to - from).TotalSeconds)}s]))"), to, cancel);
}
