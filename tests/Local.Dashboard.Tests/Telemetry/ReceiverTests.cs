using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.IO.Compression;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using Local.Dashboard.Logs;
using Local.Dashboard.Metrics;
using Local.Dashboard.Otlp;
using Local.Dashboard.Telemetry;
using Local.Dashboard.Traces;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Logs;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;
using SpanKind = Local.Dashboard.Traces.SpanKind;

namespace Local.Dashboard.Tests.Telemetry;

/// <summary>The receiver over real HTTP, without the pages.</summary>
public sealed class ReceiverTests : IAsyncLifetime
{
    private WebApplication _app = null!;
    private HttpClient _client = null!;

    public async ValueTask InitializeAsync()
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        builder.Services.AddRouting().AddSingleton(TimeProvider.System).AddSingleton<Live.LiveChanges>().AddTelemetry();
        _app = builder.Build();
        _app.UseRouting();
        _app.MapOtlp();
        await _app.StartAsync();
        var address = _app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single();
        _client = new HttpClient { BaseAddress = new Uri(address) };
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _app.DisposeAsync();
    }

    [Fact]
    public async Task Spans_arrive_plain_and_packed()
    {
        Assert.Equal(HttpStatusCode.OK, (await PostAsync("/v1/traces", Request(1))).StatusCode);
        var packed = await PostAsync("/v1/traces", Gzip(Request(2)), encoding: "gzip");
        Assert.Equal(HttpStatusCode.OK, packed.StatusCode);
        Assert.Equal("application/x-protobuf", packed.Content.Headers.ContentType!.MediaType);
        Assert.Empty(await packed.Content.ReadAsByteArrayAsync());
        Assert.Equal([1, 2], _app.Services.GetRequiredService<TraceStore>().All().Select(t => (int)t.Id.Value).Order());
    }

    [Theory]
    [InlineData("/v1/traces")]
    [InlineData("/v1/logs")]
    [InlineData("/v1/metrics")]
    public async Task Malformed_bodies_are_bad_requests(string path)
    {
        var answer = await PostAsync(path, [0x0A, 0xFF, 1, 2, 3]);
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Contains("Malformed", Encoding.UTF8.GetString(await answer.Content.ReadAsByteArrayAsync()), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_claims_to_be_gzip_and_is_not_is_a_bad_request() =>
        Assert.Equal(HttpStatusCode.BadRequest, (await PostAsync("/v1/traces", Request(1), encoding: "gzip")).StatusCode);

    [Fact]
    public async Task Other_encodings_and_types_are_not_supported()
    {
        Assert.Equal(HttpStatusCode.UnsupportedMediaType, (await PostAsync("/v1/traces", Request(1), encoding: "br")).StatusCode);
        Assert.Equal(HttpStatusCode.UnsupportedMediaType, (await PostAsync("/v1/traces", "{}"u8.ToArray(), type: "application/json")).StatusCode);
    }

    [Fact]
    public async Task A_small_body_that_unpacks_to_a_large_one_is_too_large() =>
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, (await PostAsync("/v1/traces", Gzip(new byte[OtlpBody.MostBytes + 1]), encoding: "gzip")).StatusCode);

    [Fact]
    public async Task What_is_not_kept_is_told_as_partial_success()
    {
        var loop = OtlpBytes.Request("a", Enumerable.Range(1, TracePart.MostSpans + 3).Select(i => new SpanToSend(1, (ulong)i, "loop").Write()));
        var answer = await (await PostAsync("/v1/traces", loop)).Content.ReadAsByteArrayAsync();
        Assert.Equal(OtlpAnswer.Accepted(refused: 3), answer);
        Assert.Equal([0x08, 3], answer[2..4]); // partial_success { rejected_spans: 3
    }

    [Fact]
    public async Task What_the_real_exporters_send_is_understood()
    {
        using var source = new ActivitySource("Receiver.Tests");
        using var meter = new Meter("Receiver.Tests");
        using (var traces = Sdk.CreateTracerProviderBuilder().ConfigureResource(Name).AddSource(source.Name).AddOtlpExporter(To("/v1/traces")).Build())
        using (var metrics = Sdk.CreateMeterProviderBuilder().ConfigureResource(Name).AddMeter(meter.Name).SetExemplarFilter(ExemplarFilterType.TraceBased).AddOtlpExporter(To("/v1/metrics")).Build())
        using (var logs = LoggerFactory.Create(l => l.AddOpenTelemetry(o => { o.IncludeFormattedMessage = true; o.SetResourceBuilder(ResourceBuilder.CreateEmpty().AddService("real", serviceInstanceId: "real-1")).AddOtlpExporter(To("/v1/logs")); })))
        {
            using var span = source.StartActivity("work", ActivityKind.Server)!;
            span.SetTag("http.route", "/x").SetTag("size", 5L).SetTag("list", new[] { "a", "b" }).AddException(new InvalidOperationException("boom")).SetStatus(ActivityStatusCode.Error, "it broke");
            meter.CreateHistogram<double>("took", "s").Record(0.02, new KeyValuePair<string, object?>("route", "/x"));
            meter.CreateCounter<long>("done").Add(3);
            logs.CreateLogger("Cashier").LogWarning("Seat {Seat} is gone", "A1");
        } // Disposal sends what is waiting.

        var services = _app.Services;
        var kept = services.GetRequiredService<TraceStore>().All().Single().Root;
        Assert.Equal(("real", "real-1", "work", SpanKind.Server, SpanType.Http, "it broke"), (kept.Resource.Name, kept.Resource.Instance, kept.Name, kept.Kind, kept.Type, kept.StatusMessage));
        Assert.Equal(("/x", "5", "[a, b]"), (kept.Attributes["http.route"], kept.Attributes["size"], kept.Attributes["list"]));
        Assert.Equal("exception", SpanExtras.EventsOf(kept).Single().Name);
        var entry = services.GetRequiredService<LogStore>().Newest("real").Single();
        Assert.Equal(("Seat A1 is gone", "Cashier", "A1", kept.TraceId, kept.Id), (entry.Message, entry.Category, entry.Attributes["Seat"], entry.TraceId, entry.SpanId));
        var store = services.GetRequiredService<MetricStore>();
        Assert.Equal(["done", "took"], store.Instruments().Select(i => i.Id.Name));
        var exemplars = store.Read(new InstrumentId("real", "Receiver.Tests", "took"), (_, series) => series.Single().Exemplars.ToList());
        Assert.Equal(kept.TraceId, exemplars!.Single().TraceId);

        static void Name(ResourceBuilder resource) => resource.AddService("real", serviceInstanceId: "real-1");
        Action<OtlpExporterOptions> To(string path) => o => (o.Endpoint, o.Protocol) = (new Uri(_client.BaseAddress!, path), OtlpExportProtocol.HttpProtobuf);
    }

    private static byte[] Request(ulong trace) => OtlpBytes.Request("a", [new SpanToSend(trace, 1, "work").Write()]);

    private static byte[] Gzip(byte[] bytes)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest))
            gzip.Write(bytes);
        return packed.ToArray();
    }

    private async Task<HttpResponseMessage> PostAsync(string path, byte[] body, string? encoding = null, string type = "application/x-protobuf")
    {
        var content = new ByteArrayContent(body);
        content.Headers.ContentType = new MediaTypeHeaderValue(type);
        if (encoding is not null)
            content.Headers.ContentEncoding.Add(encoding);
        return await _client.PostAsync(path, content);
    }
}
