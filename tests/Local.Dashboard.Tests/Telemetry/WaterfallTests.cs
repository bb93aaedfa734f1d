using Local.Dashboard.Telemetry;
using Local.Dashboard.Traces;

namespace Local.Dashboard.Tests.Telemetry;

public sealed class WaterfallTests
{
    private readonly Stores _stores = new();

    [Fact]
    public void Spans_stand_under_their_cause_in_the_order_of_time()
    {
        _stores.Send("web", new SpanToSend(1, 10, "request") { Kind = 2, Duration = 100 }, new SpanToSend(1, 12, "second") { Parent = 10, Start = 50 }, new SpanToSend(1, 11, "first") { Parent = 10, Start = 10 });
        _stores.Send("db", new SpanToSend(1, 13, "below first") { Parent = 11, Start = 11 });
        Assert.Equal(["0 request", "1 first", "2 below first", "1 second"], Rows(1));
    }

    [Fact]
    public void Spans_that_arrive_before_their_parents_find_them()
    {
        _stores.Send("db", new SpanToSend(1, 2, "query") { Parent = 1, Start = 3 });
        Assert.True(Waterfall.Of(_stores.Trace(1).Spans).Rows.Single().IsOrphan);
        _stores.Send("web", new SpanToSend(1, 1, "request"));
        Assert.Equal(["0 request", "1 query"], Rows(1));
        Assert.Equal("request", _stores.Trace(1).Root.Name);
    }

    [Fact]
    public void A_clock_that_goes_wrong_bends_no_bar_out_of_the_page()
    {
        _stores.Send("web", new SpanToSend(1, 1, "request") { Start = 1_000, Duration = 100 });
        _stores.Send("skewed", new SpanToSend(1, 2, "earlier than its cause") { Parent = 1, Start = 400, Duration = 10 });
        var waterfall = Waterfall.Of(_stores.Trace(1).Spans);
        Assert.Equal("request", waterfall.Rows[0].Span.Name);
        Assert.Equal(SpanToSend.Zero.AddMilliseconds(400).Ticks, waterfall.Start);
        Assert.All(waterfall.Rows, r => Assert.True(r.Span.Start >= waterfall.Start && r.Span.End <= waterfall.End));
    }

    [Fact]
    public void Spans_that_cause_each_other_are_shown_once()
    {
        _stores.Send("a", new SpanToSend(1, 1, "hen") { Parent = 2 }, new SpanToSend(1, 2, "egg") { Parent = 1 });
        Assert.Equal(2, Rows(1).Length);
    }

    [Fact]
    public void A_span_that_is_sent_twice_is_shown_once()
    {
        _stores.Send("a", new SpanToSend(1, 1, "work"));
        _stores.Send("a", new SpanToSend(1, 1, "work"));
        Assert.Single(Rows(1));
    }

    [Fact]
    public void What_is_below_a_collapsed_span_is_hidden_and_nothing_else()
    {
        _stores.Send("a", new SpanToSend(1, 1, "root"), new SpanToSend(1, 2, "closed") { Parent = 1, Start = 1 }, new SpanToSend(1, 3, "hidden") { Parent = 2, Start = 2 },
            new SpanToSend(1, 4, "hidden too") { Parent = 3, Start = 3 }, new SpanToSend(1, 5, "open") { Parent = 1, Start = 4 });
        var visible = Waterfall.Of(_stores.Trace(1).Spans).Visible(new HashSet<SpanId> { new(2) });
        Assert.Equal(["root", "closed", "open"], visible.Select(r => r.Span.Name));
    }

    [Fact]
    public void A_call_to_somebody_who_reports_nothing_names_him()
    {
        _stores.Send("payment",
            new SpanToSend(1, 1, "UPDATE") { Kind = 3, Attributes = [("db.system.name", "postgresql"), ("db.namespace", "paymentdb")] },
            new SpanToSend(1, 2, "POST") { Kind = 3, Attributes = [("server.address", "bank.example"), ("server.port", 443)] },
            new SpanToSend(1, 3, "GET") { Kind = 3, Attributes = [("server.address", "localhost")] });
        _stores.Send("gateway", new SpanToSend(1, 4, "GET /charge") { Parent = 3, Kind = 2 });
        Assert.Equal(["postgresql paymentdb", "bank.example:443", null, null], Waterfall.Of(_stores.Trace(1).Spans).Rows.OrderBy(r => r.Span.Id.Value).Select(r => r.Peer));
    }

    [Theory]
    [InlineData("web", null, null, false, 0, new[] { 1, 2 })]
    [InlineData("db", null, null, false, 0, new[] { 1 })]
    [InlineData(null, "QUERY", null, false, 0, new[] { 1 })]
    [InlineData(null, "0000", SpanType.Messaging, false, 0, new[] { 3 })]
    [InlineData(null, null, SpanType.Database, false, 0, new[] { 1 })]
    [InlineData(null, null, null, true, 0, new[] { 2 })]
    [InlineData(null, null, null, false, 60, new[] { 1 })]
    public void Filters_hold_together(string? resource, string? text, SpanType? type, bool errors, int min, int[] expected)
    {
        _stores.Send("web", new SpanToSend(1, 1, "request") { Duration = 80 }, new SpanToSend(2, 2, "request") { Failed = true });
        _stores.Send("db", new SpanToSend(1, 3, "query") { Parent = 1, Attributes = [("db.system.name", "postgresql")] });
        _stores.Send("bus", new SpanToSend(3, 4, "send") { Attributes = [("messaging.system", "kafka")] });
        var filter = new TraceFilter { Resource = resource, Text = text, Type = type, ErrorsOnly = errors, LongerThan = TimeSpan.FromMilliseconds(min) };
        Assert.Equal(expected, _stores.Traces.All().Where(filter.Includes).Select(t => (int)t.Id.Value).Order());
    }

    [Fact]
    public void Conditions_on_attributes_must_hold_on_one_span()
    {
        _stores.Send("web", new SpanToSend(1, 1, "a") { Attributes = [("x", 1)] }, new SpanToSend(1, 2, "b") { Attributes = [("y", 2)] }, new SpanToSend(2, 3, "c") { Attributes = [("x", 1), ("y", 2)] });
        var filter = new TraceFilter { Conditions = AttributeCondition.ParseAll("x = 1, y >= 2") };
        Assert.Equal(2, (int)_stores.Traces.All().Single(filter.Includes).Id.Value);
    }

    private string[] Rows(UInt128 trace) => [.. Waterfall.Of(_stores.Trace(trace).Spans).Rows.Select(r => $"{r.Depth} {r.Span.Name}")];
}
