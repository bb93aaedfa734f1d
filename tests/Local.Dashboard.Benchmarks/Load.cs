using System.Buffers.Binary;
using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using Local.Dashboard.Resources;
using Local.Dashboard.Tests.Telemetry;

namespace Local.Dashboard.Benchmarks;

/// <summary>Six services that send what real ones do: batches of 512 spans, of three for a trace, with the attributes of HTTP, SQL and Kafka.</summary>
internal sealed class Load(Uri otlp, Uri pages) : IDisposable
{
    internal const string Token = "benchmark";
    private const int Batch = 512;
    private const int SpansPerTrace = 3;
    private static readonly string[] Services = ["queue", "concert", "reservation", "payment", "gateway-primary", "loadtests"];

    private readonly HttpClient _sender = new() { BaseAddress = otlp };
    private readonly HttpClient _browser = new() { BaseAddress = pages };
    private ulong _trace = 1;

    internal async Task<(long Spans, long Logs)> RunAsync(int seconds, int spansPerSecond, int logsPerSecond)
    {
        var clock = Stopwatch.StartNew();
        long spans = 0, logs = 0;
        var metricsAt = TimeSpan.Zero;
        for (var turn = 0; clock.Elapsed.TotalSeconds < seconds; turn++)
        {
            var service = Services[turn % Services.Length];
            if (spans < clock.Elapsed.TotalSeconds * spansPerSecond)
            {
                await PostAsync("/v1/traces", Spans(service));
                spans += Batch;
            }
            else if (logs < clock.Elapsed.TotalSeconds * logsPerSecond)
            {
                await PostAsync("/v1/logs", Logs(service));
                logs += Batch;
            }
            else
            {
                await Task.Delay(1);
            }
            if (clock.Elapsed - metricsAt < TimeSpan.FromSeconds(1))
                continue;
            metricsAt = clock.Elapsed;
            foreach (var name in Services)
                await PostAsync("/v1/metrics", Metrics(name, clock.Elapsed.TotalSeconds));
        }
        return (spans, logs);
    }

    /// <summary>What all services have measured so far, once a second, as if they had run for so long: the dashboard goes by the time that is in it.</summary>
    internal async Task SendPastMetricsAsync(TimeSpan past)
    {
        for (var second = 0; second < past.TotalSeconds; second++)
        {
            foreach (var name in Services)
                await PostAsync("/v1/metrics", Metrics(name, second, past - TimeSpan.FromSeconds(second)));
        }
    }

    /// <summary>About so many traces, of all services.</summary>
    internal async Task SendTracesAsync(int count)
    {
        for (var sent = 0; sent < count; sent += Batch / SpansPerTrace)
            await PostAsync("/v1/traces", Spans(Services[sent % Services.Length]));
    }

    /// <summary>Milliseconds until a signed-in browser has the whole page: the first time, which compiles it, and the middle one of the next.</summary>
    internal async Task<(double First, double Usual)> OpenAsync(string path)
    {
        const int Times = 9;
        await _browser.GetAsync(new Uri($"/login?t={Token}", UriKind.Relative));
        var first = await TimeAsync();
        var next = new double[Times];
        for (var i = 0; i < Times; i++)
            next[i] = await TimeAsync();
        return (first, next.Order().ElementAt(Times / 2));

        async Task<double> TimeAsync()
        {
            var clock = Stopwatch.StartNew();
            await _browser.GetStringAsync(new Uri(path, UriKind.Relative));
            return clock.Elapsed.TotalMilliseconds;
        }
    }

    public void Dispose()
    {
        _sender.Dispose();
        _browser.Dispose();
    }

    internal static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private byte[] Spans(string service)
    {
        var now = TimeProvider.System.GetUtcNow().UtcDateTime;
        return OtlpBytes.Request(service, Enumerable.Range(0, Batch).Select(i =>
        {
            if (i % SpansPerTrace == 0)
                _trace++;
            var root = _trace * 16;
            return (i % SpansPerTrace) switch
            {
                0 => new SpanToSend(Mixed(_trace), root, "POST /api/v1/reservations") { Kind = 2, Duration = 3 + i % 40, Failed = i % 100 == 0, Attributes = [("http.request.method", "POST"), ("url.scheme", "http"), ("url.path", "/api/v1/reservations"), ("http.route", "/api/v1/reservations"), ("http.response.status_code", i % 100 == 0 ? 503 : 201), ("server.address", "localhost"), ("server.port", 5103), ("network.protocol.version", "1.1")] },
                1 => new SpanToSend(Mixed(_trace), root + 1, "postgresql") { Kind = 3, Parent = root, Start = 1, Duration = 2, Attributes = [("db.query.text", "INSERT INTO claims (seat_id, reservation_id) SELECT * FROM unnest($1, $2) ON CONFLICT DO NOTHING"), ("db.system.name", "postgresql"), ("db.namespace", "reservationdb"), ("server.address", "localhost"), ("server.port", 54320), ("db.npgsql.connection_id", (int)(_trace % 20))] },
                _ => new SpanToSend(Mixed(_trace), root + 2, "send reservations") { Kind = 4, Parent = root, Start = 2, Duration = 4, Attributes = [("messaging.system", "kafka"), ("messaging.operation.type", "send"), ("messaging.destination.name", "reservations"), ("messaging.message.id", Guid.CreateVersion7().ToString()), ("messaging.kafka.message.key", (int)(_trace % 5000))] },
            };
        }).Select(s => s.Write(now)), service + "-1");
    }

    private byte[] Logs(string service)
    {
        var now = (ulong)(TimeProvider.System.GetUtcNow().UtcDateTime - DateTime.UnixEpoch).Ticks * 100;
        var trace = new byte[16];
        BinaryPrimitives.WriteUInt128BigEndian(trace, Mixed(_trace));
        return OtlpBytes.Request(service, Enumerable.Range(0, Batch).Select(i => new OtlpBytes()
            .Fixed(1, now + (ulong)i).Number(2, i % 50 == 0 ? 13UL : 9).Message(5, OtlpBytes.Any($"Reservation {now + (ulong)i} holds 2 seats of schedule {i} until later"))
            .Attribute(6, "ReservationId", Guid.CreateVersion7().ToString()).Attribute(6, "Seats", 2).Attribute(6, "{OriginalFormat}", "Reservation {ReservationId} holds {Seats} seats of schedule {Schedule} until {Until}")
            .Bytes(9, trace).Bytes(10, trace.AsSpan(8))), service + "-1", "Reservation.Service.HoldSeats");
    }

    // Forty routes with a histogram each, and sixty counters.
    private static byte[] Metrics(string service, double seconds, TimeSpan ago = default)
    {
        var now = (ulong)(TimeProvider.System.GetUtcNow().UtcDateTime - ago - DateTime.UnixEpoch).Ticks * 100;
        var count = (ulong)(seconds * 100);
        var bounds = new[] { 0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10 }.Select(BitConverter.DoubleToUInt64Bits).ToList();
        var histogram = new OtlpBytes();
        var sum = new OtlpBytes();
        for (var i = 0; i < 40; i++)
            histogram.Message(1, new OtlpBytes().Fixed(3, now).Fixed(4, count * 15).Double(5, seconds).Packed(6, Enumerable.Repeat(count, 15)).Packed(7, bounds).Attribute(9, "http.route", $"/route/{i}"));
        for (var i = 0; i < 60; i++)
            sum.Message(1, new OtlpBytes().Fixed(3, now).Double(4, seconds * i).Attribute(7, "kind", $"kind {i}"));
        return OtlpBytes.Request(service, [
            new OtlpBytes().Text(1, "http.server.request.duration").Text(3, "s").Message(9, histogram.Number(2, 2)),
            new OtlpBytes().Text(1, "things").Message(7, sum.Number(2, 2).Number(3, 1)),
        ], service + "-1");
    }

    private async Task PostAsync(string path, byte[] body)
    {
        using var content = new ByteArrayContent(body);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/x-protobuf");
        using var answer = await _sender.PostAsync(path, content);
        answer.EnsureSuccessStatusCode();
    }

    private static UInt128 Mixed(ulong trace) => new(trace * 0x9E3779B97F4A7C15, trace);
}

/// <summary>Nothing runs here but the dashboard.</summary>
internal sealed class NoResources : IResourceView
{
    public event Action? Changed { add { } remove { } }

    public event Action<ConsoleLine>? LineWritten { add { } remove { } }

    public IReadOnlyList<ResourceSnapshot> Current => [];

    public IReadOnlyList<ConsoleLine> Lines(string? resource) => [];

    public IAsyncEnumerable<string>? ReadLog(string instance, CancellationToken cancellationToken) => null;

    public Task ExecuteAsync(string resource, ResourceCommand command, CancellationToken cancellationToken) => Task.CompletedTask;
}
