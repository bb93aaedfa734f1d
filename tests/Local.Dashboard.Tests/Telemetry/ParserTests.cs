using Local.Dashboard.Logs;
using Local.Dashboard.Otlp;
using Local.Dashboard.Telemetry;
using Local.Dashboard.Traces;

namespace Local.Dashboard.Tests.Telemetry;

public sealed class ParserTests
{
    private readonly Stores _stores = new();

    [Fact]
    public void A_span_keeps_what_was_sent()
    {
        _stores.Send("payment", new SpanToSend(7, 8, "POST /payments")
        {
            Parent = 9,
            Kind = 2,
            Start = 5,
            Duration = 12.5,
            Failed = true,
            Attributes = [("http.route", "/payments"), ("http.response.status_code", 500), ("amount", -12L), ("ratio", 0.25), ("cached", true), ("tags", new[] { "a", "b" }), ("raw", new byte[] { 1, 255 })],
        });

        var span = Assert.Single(_stores.Trace(7).Spans);
        Assert.Equal("payment", span.Resource.Name);
        Assert.Equal("POST /payments", span.Name);
        Assert.Equal("Tests", span.Scope);
        Assert.Equal("0000000000000008", span.Id.ToString());
        Assert.Equal("0000000000000009", span.Parent.ToString());
        Assert.Equal(SpanKind.Server, span.Kind);
        Assert.Equal(SpanType.Http, span.Type);
        Assert.Equal(SpanToSend.Zero.AddMilliseconds(5).Ticks, span.Start);
        Assert.Equal(TimeSpan.FromMilliseconds(12.5).Ticks, span.Duration);
        Assert.True(span.IsError);
        Assert.Equal("it broke", span.StatusMessage);
        Assert.Equal(
            ["http.route=/payments", "http.response.status_code=500", "amount=-12", "ratio=0.25", "cached=true", "tags=[a, b]", "raw=01ff"],
            span.Attributes.ToList().Select(a => $"{a.Key}={a.Value}"));
    }

    [Fact]
    public void Events_and_links_are_there_when_a_span_is_opened()
    {
        var span = new SpanToSend(1, 2, "work").Write();
        span.Message(11, new OtlpBytes().Fixed(1, 1_000_000_000).Text(2, "exception").Attribute(3, "exception.type", "Boom"));
        span.Message(13, new OtlpBytes().Bytes(1, new byte[15].Append((byte)3).ToArray()).Bytes(2, new byte[7].Append((byte)4).ToArray()).Attribute(4, "why", "batch"));
        _stores.Intake.TakeTraces(OtlpBytes.Request("a", [span]));

        var kept = _stores.Trace(1).Spans.Single();
        var happened = Assert.Single(SpanExtras.EventsOf(kept));
        Assert.Equal(("exception", DateTime.UnixEpoch.AddSeconds(1).Ticks), (happened.Name, happened.At));
        Assert.Equal("Boom", happened.Attributes.Single().Value);
        var link = Assert.Single(SpanExtras.LinksOf(kept));
        Assert.Equal((new TraceId(3), new SpanId(4)), (link.TraceId, link.SpanId));
        Assert.Equal("batch", link.Attributes.Single().Value);
    }

    [Fact]
    public void A_log_entry_keeps_what_was_sent()
    {
        var record = new OtlpBytes().Fixed(1, 2_000_000_000).Number(2, 13).Message(5, OtlpBytes.Any("Seat A1 is gone")).Attribute(6, "Seat", "A1")
            .Bytes(9, new byte[15].Append((byte)3).ToArray()).Bytes(10, new byte[7].Append((byte)4).ToArray());
        _stores.Intake.TakeLogs(OtlpBytes.Request("reservation", [record], instance: "reservation-2", scope: "HoldSeats"));

        var entry = Assert.Single(_stores.Logs.Newest(null));
        Assert.Equal(("reservation", "reservation-2"), (entry.Resource.Name, entry.Resource.Instance));
        Assert.Equal((LogSeverity.Warning, "HoldSeats", "Seat A1 is gone", "A1"), (entry.Severity, entry.Category, entry.Message, entry.Attributes["Seat"]));
        Assert.Equal((new TraceId(3), new SpanId(4)), (entry.TraceId, entry.SpanId));
        Assert.Equal(DateTime.UnixEpoch.AddSeconds(2).Ticks, entry.At);
    }

    [Theory]
    [InlineData(0, LogSeverity.Information)]
    [InlineData(1, LogSeverity.Trace)]
    [InlineData(8, LogSeverity.Debug)]
    [InlineData(9, LogSeverity.Information)]
    [InlineData(17, LogSeverity.Error)]
    [InlineData(24, LogSeverity.Critical)]
    [InlineData(-5, LogSeverity.Information)]
    public void Severities_are_dotnets_levels(int number, LogSeverity expected)
    {
        _stores.Intake.TakeLogs(OtlpBytes.Request("a", [new OtlpBytes().Number(2, (ulong)number)]));
        Assert.Equal(expected, _stores.Logs.Newest(null).Single().Severity);
    }

    [Fact]
    public void A_span_without_ids_is_malformed() =>
        Assert.Throws<MalformedTelemetryException>(() => { _stores.Intake.TakeTraces(OtlpBytes.Request("a", [new OtlpBytes().Text(5, "nameless")])); });

    [Fact]
    public void Fields_of_later_versions_are_passed_over()
    {
        var span = new SpanToSend(1, 2, "work").Write().Text(900, "new").Number(901, 5).Fixed(902, 1);
        _stores.Intake.TakeTraces(OtlpBytes.Request("a", [span]));
        Assert.Equal("work", _stores.Trace(1).Root.Name);
    }

    [Fact]
    public void Values_without_end_are_cut()
    {
        _stores.Send("a", new SpanToSend(1, 2, "work") { Attributes = [("long", new string('x', 1_000_000))] });
        Assert.Equal(AttributeWriter.LongestValue, _stores.Trace(1).Root.Attributes["long"]!.Length);
    }

    [Fact]
    public void Attributes_without_end_are_cut()
    {
        var attributes = Enumerable.Range(0, 1_000).Select(i => ($"key{i}", (object)i)).ToArray();
        _stores.Send("a", new SpanToSend(1, 2, "work") { Attributes = attributes });
        Assert.Equal(OtlpCommon.MostAttributes, _stores.Trace(1).Root.Attributes.ToList().Count);
    }

    [Fact]
    public void Nesting_without_end_is_cut()
    {
        var deep = OtlpBytes.Any("bottom");
        for (var i = 0; i < 2_000; i++)
            deep = new OtlpBytes().Message(5, new OtlpBytes().Message(1, deep));
        var span = new SpanToSend(1, 2, "work").Write().Message(9, new OtlpBytes().Text(1, "deep").Message(2, deep));
        _stores.Intake.TakeTraces(OtlpBytes.Request("a", [span]));
        Assert.Contains("…", _stores.Trace(1).Root.Attributes["deep"], StringComparison.Ordinal);
    }

    [Fact]
    public void Mutated_bytes_are_read_or_refused_and_nothing_else()
    {
        var random = new Random(20261121);
        var valid = new[]
        {
            OtlpBytes.Request("a", [new SpanToSend(1, 2, "work") { Failed = true, Attributes = [("http.route", "/x"), ("tags", new[] { "a" })] }.Write().Message(11, new OtlpBytes().Text(2, "e").Attribute(3, "k", 1.5))]),
            OtlpBytes.Request("a", [new OtlpBytes().Fixed(1, 1).Number(2, 9).Message(5, OtlpBytes.Any("text")).Attribute(6, "k", "v")]),
            OtlpBytes.Request("a", [MetricTests.Histogram("h", [0.1, 1], [5, 3, 1], sum: 2)]),
        };
        var (read, refused) = (0, 0);
        for (var round = 0; round < 30_000; round++)
        {
            var bytes = (byte[])valid[round % 3].Clone();
            for (var hits = random.Next(1, 4); hits > 0; hits--)
                bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            var cut = bytes.AsMemory(0, random.Next(4) == 0 ? random.Next(bytes.Length) : bytes.Length);
            foreach (var take in new Func<ReadOnlyMemory<byte>, int>[] { _stores.Intake.TakeTraces, _stores.Intake.TakeLogs, _stores.Intake.TakeMetrics })
            {
                try
                {
                    take(cut);
                    read++;
                }
                catch (MalformedTelemetryException)
                {
                    refused++;
                }
            }
        }
        // Whatever was kept can be shown.
        foreach (var span in _stores.Traces.All().SelectMany(t => t.Spans))
        {
            _ = span.Attributes.ToList();
            _ = SpanExtras.EventsOf(span);
            _ = SpanExtras.LinksOf(span);
        }
        Assert.All(_stores.Logs.Newest(null), e => _ = (e.Message, e.Attributes.ToList()));
        Assert.True(read > 0 && refused > 0);
    }
}
