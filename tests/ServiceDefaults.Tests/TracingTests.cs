using System.Collections.Concurrent;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using OpenTelemetry.Trace;
using Xunit;

namespace ServiceDefaults.Tests;

/// <summary>What a service sends to an OTLP receiver. The bytes are looked through as text: protobuf keeps strings as they are.</summary>
[Collection(nameof(MetricsTests))]
public sealed class TracingTests : IAsyncLifetime
{
    private readonly ConcurrentDictionary<string, string> _received = new();
    private TestService _receiver = null!;

    public async ValueTask InitializeAsync() => _receiver = await TestService.StartAsync(app => app.MapPost("/v1/{signal}", async (string signal, HttpRequest request) =>
    {
        using var bytes = new MemoryStream();
        await request.Body.CopyToAsync(bytes);
        _received.AddOrUpdate(signal, _ => Encoding.Latin1.GetString(bytes.ToArray()), (_, before) => before + Encoding.Latin1.GetString(bytes.ToArray()));
    }));

    public ValueTask DisposeAsync() => _receiver.DisposeAsync();

    [Fact]
    public async Task A_request_is_a_span_named_by_its_route_and_probes_are_none()
    {
        await using (var service = await StartAsync())
        {
            await service.Client.GetStringAsync("/spans/1");
            await service.Client.GetAsync("/spans/boom");
            foreach (var probe in new[] { "/health", "/alive", "/metrics" })
                await service.Client.GetStringAsync(probe);
            service.App.Services.GetRequiredService<TracerProvider>().ForceFlush();
        }
        var traces = _received["traces"];
        Assert.Contains("GET /spans/{id}", traces, StringComparison.Ordinal);
        Assert.Contains("http.route", traces, StringComparison.Ordinal);
        Assert.Contains("traced-service", traces, StringComparison.Ordinal);
        foreach (var probe in new[] { "/health", "/alive", "/metrics" })
            Assert.DoesNotContain("GET " + probe, traces, StringComparison.Ordinal);
        Assert.Contains("http.server.request.duration", _received["metrics"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_environment_decides_about_sampling()
    {
        await using (var service = await StartAsync(("OTEL_TRACES_SAMPLER", "always_off")))
            await service.Client.GetStringAsync("/spans/1");
        Assert.DoesNotContain("GET /spans/{id}", _received.GetValueOrDefault("traces", ""), StringComparison.Ordinal);
        Assert.Contains("http.server.request.duration", _received["metrics"], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("00", false)]
    [InlineData("01", true)]
    public async Task The_caller_decides_whether_its_visit_is_recorded(string flags, bool isRecorded)
    {
        await using (var service = await StartAsync(("OTEL_TRACES_SAMPLER", "parentbased_always_on")))
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, "/spans/1");
            request.Headers.Add("traceparent", $"00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-{flags}");
            using var answer = await service.Client.SendAsync(request);
            service.App.Services.GetRequiredService<TracerProvider>().ForceFlush();
        }
        Assert.Equal(isRecorded, _received.GetValueOrDefault("traces", "").Contains("GET /spans/{id}", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Without_an_endpoint_nothing_is_set_up_to_be_sent()
    {
        await using var service = await TestService.StartAsync();
        Assert.Null(service.App.Services.GetService<TracerProvider>());
    }

    private Task<TestService> StartAsync(params (string, string?)[] settings)
        => TestService.StartAsync(
            app => app.MapGet("/spans/{id}", (string id) => id == "boom" ? Results.StatusCode(500) : Results.Ok(id)),
            settings:
            [
                ("OTEL_EXPORTER_OTLP_ENDPOINT", _receiver.Client.BaseAddress!.ToString()),
                ("OTEL_EXPORTER_OTLP_PROTOCOL", "http/protobuf"),
                ("OTEL_SERVICE_NAME", "traced-service"),
                .. settings,
            ]);
}
