using System.Buffers.Binary;
using System.Diagnostics;
using System.IO.Compression;
using System.Net;
using System.Net.Http.Headers;
using Local.Dashboard.Otlp;
using Local.Dashboard.Tests.Shell;
using Local.Dashboard.Traces;
using Local.Servers;
using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace Local.Dashboard.Tests.Telemetry;

/// <summary>OTLP over gRPC, on the dashboard's own port for it.</summary>
public sealed class GrpcTests : IAsyncLifetime
{
    private const string Token = "t", ApiKey = "the-key-of-the-telemetry";
    private const string Traces = "/opentelemetry.proto.collector.trace.v1.TraceService/Export";

    private readonly DashboardOptions _options = new()
    {
        Port = FreePort.Next(),
        OtlpPort = FreePort.Next(),
        OtlpGrpcPort = FreePort.Next(),
        BrowserToken = Token,
        OtlpApiKey = ApiKey,
    };

    private readonly HttpClient _client;
    private DashboardHost _host = null!;

    public GrpcTests() => _client = new HttpClient
    {
        BaseAddress = new Uri(_options.OtlpGrpcUrl),
        DefaultRequestVersion = HttpVersion.Version20,
        DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact,
    };

    public async ValueTask InitializeAsync() => _host = await DashboardHost.StartAsync(_options, new SomeResources(), TestContext.Current.CancellationToken);

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _host.DisposeAsync();
    }

    [Fact]
    public async Task Spans_arrive_plain_and_packed()
    {
        Assert.Equal("0", (await CallAsync(Traces, Framed(Request(1, "plain")))).Status);
        Assert.Equal("0", (await CallAsync(Traces, Framed(Gzip(Request(2, "packed")), packed: 1), encoding: "gzip")).Status);
        var page = await ReadAsync("/traces");
        Assert.Contains("plain", page, StringComparison.Ordinal);
        Assert.Contains("packed", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_not_kept_is_told_as_partial_success()
    {
        var loop = OtlpBytes.Request("a", Enumerable.Range(1, TracePart.MostSpans + 3).Select(i => new SpanToSend(1, (ulong)i, "loop").Write()));
        var (status, answer) = await CallAsync(Traces, Framed(loop));
        Assert.Equal("0", status);
        Assert.Equal(Framed(OtlpAnswer.Accepted(refused: 3)), answer);
    }

    public static TheoryData<byte[], string?, string> Broken => new()
    {
        { [0, 0, 0, 0, 5, 0x0A, 0xFF, 1, 2, 3], null, "3" }, // No protobuf: INVALID_ARGUMENT.
        { [0, 0, 0], null, "3" }, // No prefix.
        { [0, 0, 0, 0, 9, 1], null, "3" }, // Shorter than it says.
        { [0, 0, 0, 0, 0, 0, 0, 0, 0, 0], null, "3" }, // Two messages.
        { [1, 0, 0, 0, 12, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7], "gzip", "3" }, // No gzip.
        { [1, 0, 0, 0, 1, 7], "br", "12" }, // UNIMPLEMENTED.
        { [0, 0xFF, 0xFF, 0xFF, 0xFF], null, "8" }, // RESOURCE_EXHAUSTED.
    };

    [Theory]
    [MemberData(nameof(Broken))]
    public async Task What_is_no_message_is_refused_with_the_reason(byte[] body, string? encoding, string status) =>
        Assert.Equal(status, (await CallAsync(Traces, body, encoding)).Status);

    [Fact]
    public async Task A_small_message_that_unpacks_to_a_large_one_is_too_large() =>
        Assert.Equal("8", (await CallAsync(Traces, Framed(Gzip(new byte[OtlpBody.MostBytes + 1]), packed: 1), "gzip")).Status);

    [Theory]
    [InlineData(null)]
    [InlineData("another")]
    public async Task Without_the_key_no_telemetry_is_taken(string? key)
    {
        using var grpc = await SendAsync(Traces, Framed(Request(1, "a")), key: key);
        Assert.Equal(HttpStatusCode.Unauthorized, grpc.StatusCode);
        using var http = new HttpRequestMessage(HttpMethod.Post, _options.OtlpUrl + "/v1/traces") { Content = Content(Request(1, "a"), "application/x-protobuf"), Version = HttpVersion.Version11 };
        if (key is not null)
            http.Headers.Add("x-otlp-api-key", key);
        using var answer = await _client.SendAsync(http, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
    }

    [Fact]
    public async Task The_port_takes_telemetry_and_nothing_else()
    {
        using var page = await SendAsync("/traces", []);
        using var call = await SendAsync("/opentelemetry.proto.collector.trace.v1.TraceService/Import", Framed([]));
        using var json = await SendAsync(Traces, Framed(Request(1, "a")), type: "application/json");
        Assert.Equal([HttpStatusCode.NotFound, HttpStatusCode.NotFound, HttpStatusCode.UnsupportedMediaType], new[] { page, call, json }.Select(a => a.StatusCode));
    }

    [Fact]
    public async Task What_the_real_exporter_sends_is_understood()
    {
        using var source = new ActivitySource("Grpc.Tests");
        using (var traces = Sdk.CreateTracerProviderBuilder().ConfigureResource(r => r.AddService("real", serviceInstanceId: "real-1")).AddSource(source.Name).AddOtlpExporter(To).Build())
        {
            using (source.StartActivity("exported by gRPC", ActivityKind.Server))
            {
                // Ends at once.
            }
            Assert.True(traces!.ForceFlush());
        }
        Assert.Contains("exported by gRPC", await ReadAsync("/traces"), StringComparison.Ordinal);

        void To(OtlpExporterOptions options)
        {
            options.Protocol = OtlpExportProtocol.Grpc;
            options.Endpoint = new Uri(_options.OtlpGrpcUrl);
            options.Headers = $"x-otlp-api-key={ApiKey}";
        }
    }

    private static byte[] Request(ulong trace, string name) => OtlpBytes.Request("service", [new SpanToSend(trace, trace, name).Write()]);

    private static byte[] Framed(byte[] message, byte packed = 0)
    {
        var framed = new byte[5 + message.Length];
        framed[0] = packed;
        BinaryPrimitives.WriteInt32BigEndian(framed.AsSpan(1), message.Length);
        message.CopyTo(framed, 5);
        return framed;
    }

    private static byte[] Gzip(byte[] bytes)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest))
            gzip.Write(bytes);
        return packed.ToArray();
    }

    private static ByteArrayContent Content(byte[] body, string type) => new(body) { Headers = { ContentType = new MediaTypeHeaderValue(type) } };

    private async Task<(string Status, byte[] Answer)> CallAsync(string path, byte[] body, string? encoding = null)
    {
        using var answer = await SendAsync(path, body, encoding);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        var bytes = await answer.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken);
        var status = answer.TrailingHeaders.TryGetValues("grpc-status", out var trailing) ? trailing : answer.Headers.GetValues("grpc-status");
        return (status.Single(), bytes);
    }

    private async Task<HttpResponseMessage> SendAsync(string path, byte[] body, string? encoding = null, string? key = ApiKey, string type = "application/grpc")
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path)
        {
            Content = Content(body, type),
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };
        request.Headers.TE.Add(new TransferCodingWithQualityHeaderValue("trailers"));
        if (encoding is not null)
            request.Headers.Add("grpc-encoding", encoding);
        if (key is not null)
            request.Headers.Add("x-otlp-api-key", key);
        return await _client.SendAsync(request, TestContext.Current.CancellationToken);
    }

    private async Task<string> ReadAsync(string path)
    {
        using var browser = new HttpClient { BaseAddress = new Uri(_options.Url) };
        return await browser.GetStringAsync(new Uri($"/login?t={Token}&returnUrl={path}", UriKind.Relative), TestContext.Current.CancellationToken);
    }
}
