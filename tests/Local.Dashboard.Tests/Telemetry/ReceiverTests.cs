using System.IO.Compression;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using Local.Dashboard.Otlp;
using Local.Dashboard.Telemetry;
using Local.Dashboard.Traces;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;

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
        builder.Services.AddRouting().AddSingleton<Live.LiveChanges>().AddTelemetry();
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
