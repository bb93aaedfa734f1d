using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using ServiceDefaults.Shutdown;

namespace ServiceDefaults.Health;

/// <summary>Whether this service can serve: the checks of its stores, run in parallel, at most once a second however often it is asked.</summary>
internal sealed class Readiness(HealthCheckService checks, Drain drain, TimeProvider time)
{
    public static readonly TimeSpan CheckTimeout = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Freshness = TimeSpan.FromSeconds(1);

    private readonly Lock _lock = new();
    private Task<HealthReport>? _report;
    private long _startedAt;
    private volatile HealthReport? _last;

    /// <summary>The last complete report, for who cannot wait for a fresh one.</summary>
    public HealthReport? Last => _last;

    public async Task WriteAsync(HttpContext context)
    {
        var report = await ReportAsync().WaitAsync(context.RequestAborted);
        var status = drain.HasStarted ? HealthStatus.Unhealthy : report.Status;
        context.Response.StatusCode = status == HealthStatus.Unhealthy ? StatusCodes.Status503ServiceUnavailable : StatusCodes.Status200OK;
        context.Response.ContentType = "application/json";
        context.Response.Headers.CacheControl = "no-store";
        await using var json = new Utf8JsonWriter(context.Response.Body);
        json.WriteStartObject();
        json.WriteString("status", status.ToString());
        if (drain.HasStarted)
            json.WriteString("description", "The service is stopping.");
        json.WriteStartObject("checks");
        foreach (var (name, entry) in report.Entries)
        {
            json.WriteStartObject(name);
            json.WriteString("status", entry.Status.ToString());
            json.WriteNumber("durationMs", Math.Round(entry.Duration.TotalMilliseconds, 1));
            if (entry.Description is not null)
                json.WriteString("description", entry.Description);
            json.WriteEndObject();
        }
        json.WriteEndObject();
        json.WriteEndObject();
    }

    // The checks do not carry one asker's cancellation: the report is everybody's.
    internal Task<HealthReport> ReportAsync()
    {
        lock (_lock)
        {
            if (_report is null || (_report.IsCompleted && time.GetElapsedTime(_startedAt) >= Freshness))
            {
                _startedAt = time.GetTimestamp();
                _report = CheckAsync();
            }
            return _report;
        }
    }

    private async Task<HealthReport> CheckAsync() => _last = await checks.CheckHealthAsync(CancellationToken.None);
}
