using System.Diagnostics.Metrics;
using System.Globalization;
using System.Net.Http.Headers;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using OpenTelemetry.Metrics;
using ServiceDefaults.Metrics;
using Xunit;

namespace ServiceDefaults.Tests;

// Alone: a service of another test would have its figures in these answers, for OpenTelemetry listens to the whole process, and would
// take a metric of the same name along when it ends.
[CollectionDefinition(nameof(MetricsTests), DisableParallelization = true)]
[Collection(nameof(MetricsTests))]
public sealed class MetricsTests
{
    [Theory]
    [InlineData("http.server.request.duration", "s", false, "http_server_request_duration_seconds")]
    [InlineData("outbox.pending", "{message}", true, "outbox_pending")]
    [InlineData("cpu.share", "1", true, "cpu_share_ratio")]
    [InlineData("tries", "1", false, "tries")]
    [InlineData("disk.bytes", "By", true, "disk_bytes")]
    [InlineData("speed", "By/s", true, "speed_bytes_per_second")]
    [InlineData("1st--thing", "", true, "_1st_thing")]
    public void Names_follow_the_rules_of_opentelemetry(string name, string unit, bool isGauge, string expected)
        => Assert.Equal(expected, PrometheusNames.Family(name, unit, isGauge));

    [Fact]
    public async Task Requests_are_measured_by_route_and_status()
    {
        await using var service = await TestService.StartAsync(app => app.MapGet("/measured/{id}", (int id) => id));
        for (var i = 0; i < 3; i++)
            await service.Client.GetStringAsync($"/measured/{i}");

        var text = await UntilAsync(service, t => t.Contains("/measured/{id}", StringComparison.Ordinal));
        var series = Assert.Single(Samples(text), s => s.Key.StartsWith("http_server_request_duration_seconds_count{", StringComparison.Ordinal)
            && s.Key.Contains("http_route=\"/measured/{id}\"", StringComparison.Ordinal));
        Assert.Contains("http_response_status_code=\"200\"", series.Key, StringComparison.Ordinal);
        Assert.Equal(3, series.Value);
        Assert.Contains("process_cpu_time_seconds_total{", text, StringComparison.Ordinal);
        Assert.Contains("process_memory_usage_bytes{", text, StringComparison.Ordinal);
        Assert.Contains("dotnet_gc_collections_total{", text, StringComparison.Ordinal);
        Assert.Contains("target_info{service_name=\"Test.Service\"", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Series_beyond_the_limit_are_counted_together()
    {
        await using var service = await StartWithMeterAsync("Many", out var meter);
        var visits = meter.CreateCounter<long>("visits");
        for (var visitor = 0; visitor < 1_000; visitor++)
            visits.Add(1, new KeyValuePair<string, object?>("visitor", visitor));

        var series = Samples(await service.Client.GetStringAsync("/metrics")).Where(s => s.Key.StartsWith("visits_total{", StringComparison.Ordinal)).ToList();
        Assert.InRange(series.Count, 50, 120);
        Assert.Equal(1_000, series.Sum(s => s.Value));
        Assert.Contains(series, s => s.Key.Contains("otel_metric_overflow=\"true\"", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Histograms_counters_and_gauges_are_written_with_their_units_and_escaped_labels()
    {
        await using var service = await StartWithMeterAsync("Shapes", out var meter);
        var histogram = meter.CreateHistogram("step.time", "s", "How \\ long", null, new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.1, 1] });
        histogram.Record(0.1);
        histogram.Record(0.5);
        histogram.Record(7);
        meter.CreateCounter<long>("tickets", "{ticket}").Add(5, new KeyValuePair<string, object?>("odd.label", "a\"b\\c\nd"), new("on", true));
        meter.CreateUpDownCounter<int>("places").Add(-2);
        meter.CreateGauge<double>("load", "1").Record(double.PositiveInfinity);

        var samples = Samples(await service.Client.GetStringAsync("/metrics"));
        const string scope = "otel_scope_name=\"Shapes\"";
        Assert.Equal(1, samples[$"step_time_seconds_bucket{{{scope},le=\"0.1\"}}"]);
        Assert.Equal(2, samples[$"step_time_seconds_bucket{{{scope},le=\"1\"}}"]);
        Assert.Equal(3, samples[$"step_time_seconds_bucket{{{scope},le=\"+Inf\"}}"]);
        Assert.Equal(3, samples[$"step_time_seconds_count{{{scope}}}"]);
        Assert.Equal(7.6, samples[$"step_time_seconds_sum{{{scope}}}"], 6);
        Assert.Equal(5, samples[$"tickets_total{{{scope},odd_label=\"a\\\"b\\\\c\\nd\",on=\"true\"}}"]);
        Assert.Equal(-2, samples[$"places{{{scope}}}"]);
        Assert.Equal(double.PositiveInfinity, samples[$"load_ratio{{{scope}}}"]);
    }

    [Fact]
    public async Task Meters_that_share_a_name_share_one_block()
    {
        await using var service = await StartWithMeterAsync("Twin.*", out var meter);
        using var other = new Meter("Twin.B");
        meter.CreateCounter<long>("twins").Add(1);
        other.CreateCounter<long>("twins").Add(2);

        var text = await service.Client.GetStringAsync("/metrics");
        Assert.Single(text.Split('\n'), line => line == "# TYPE twins_total counter");
        Assert.Equal(2, Samples(text)["twins_total{otel_scope_name=\"Twin.B\"}"]);
    }

    [Fact]
    public async Task Openmetrics_is_spoken_where_it_is_asked_for()
    {
        await using var service = await StartWithMeterAsync("Open", out var meter);
        meter.CreateCounter<double>("cpu.used", "s", "CPU").Add(1.5);
        using var request = new HttpRequestMessage(HttpMethod.Get, "/metrics");
        request.Headers.Accept.Add(MediaTypeWithQualityHeaderValue.Parse("application/openmetrics-text;version=1.0.0;q=0.5"));
        using var response = await service.Client.SendAsync(request);

        Assert.Equal("application/openmetrics-text", response.Content.Headers.ContentType?.MediaType);
        var text = await response.Content.ReadAsStringAsync();
        Assert.EndsWith("# EOF\n", text, StringComparison.Ordinal);
        Assert.Contains("# TYPE cpu_used_seconds counter\n# UNIT cpu_used_seconds seconds\n# HELP cpu_used_seconds CPU\ncpu_used_seconds_total{", text, StringComparison.Ordinal);
        Assert.Contains("# TYPE target info\n", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Concurrent_scrapes_all_see_everything()
    {
        await using var service = await StartWithMeterAsync("Busy", out var meter);
        meter.CreateCounter<long>("busy").Add(1);
        var texts = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => service.Client.GetStringAsync("/metrics")));
        Assert.All(texts, text => Assert.Equal(1, Samples(text)["busy_total{otel_scope_name=\"Busy\"}"]));
    }

    private static Task<TestService> StartWithMeterAsync(string name, out Meter meter)
    {
        meter = new Meter(name.Replace("*", "A", StringComparison.Ordinal));
        return TestService.StartAsync(configure: b => b.Services.ConfigureOpenTelemetryMeterProvider(m => m.AddMeter(name)));
    }

    // The server records a request's duration after the client has its answer.
    [Fact]
    public async Task Each_check_is_a_metric_too()
    {
        await using var service = await TestService.StartAsync(configure: b => b.Services.AddHealthChecks()
            .AddCheck("good", () => HealthCheckResult.Healthy())
            .AddCheck("bad", () => HealthCheckResult.Unhealthy("away")));

        // A scrape tells the last report, and the first one asks for it.
        var metrics = await UntilAsync(service, t => t.Contains("health_check_name=\"good\"", StringComparison.Ordinal));
        Assert.Contains("health_check_name=\"good\"} 1", metrics, StringComparison.Ordinal);
        Assert.Contains("health_check_name=\"bad\"} 0", metrics, StringComparison.Ordinal);
    }

    private static async Task<string> UntilAsync(TestService service, Func<string, bool> condition)
    {
        for (var tries = 0; ; tries++)
        {
            var text = await service.Client.GetStringAsync("/metrics");
            if (condition(text) || tries == 100)
                return text;
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System);
        }
    }

    private static Dictionary<string, double> Samples(string text)
        => text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Where(line => line[0] != '#').ToDictionary(
            line => line[..(line.LastIndexOf('}') + 1)],
            line => line[(line.LastIndexOf(' ') + 1)..] is "+Inf" ? double.PositiveInfinity : double.Parse(line[(line.LastIndexOf(' ') + 1)..], CultureInfo.InvariantCulture));
}
