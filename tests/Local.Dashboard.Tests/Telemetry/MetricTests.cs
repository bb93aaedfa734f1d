using Local.Dashboard.Latency;
using Local.Dashboard.Metrics;
using Local.Dashboard.Telemetry;

namespace Local.Dashboard.Tests.Telemetry;

public sealed class MetricTests
{
    private static readonly DateTime Zero = SpanToSend.Zero;
    private readonly Stores _stores = new();

    [Theory]
    [InlineData(0.5, new double[] { 10, 10, 0 }, 1.0)] // The tenth of twenty ends the first bucket.
    [InlineData(0.75, new double[] { 10, 10, 0 }, 1.5)]
    [InlineData(0.9, new double[] { 0, 10, 0 }, 1.9)]
    [InlineData(0.5, new double[] { 4, 0, 0 }, 0.5)]
    [InlineData(0.99, new double[] { 1, 1, 98 }, 2.0)] // Above the highest bound nobody knows.
    [InlineData(0.25, new double[] { 8, 0, 8 }, 0.5)]
    [InlineData(0.5, new double[] { 0, 0, 0 }, double.NaN)]
    public void Percentiles_are_those_of_the_textbook(double fraction, double[] counts, double expected) =>
        Assert.Equal(expected, Percentile.Of(fraction, counts, [1, 2]), 9);

    [Fact]
    public void A_counter_is_shown_as_its_rate()
    {
        for (var second = 0; second <= 60; second++)
            Send(Sum("requests", second * 5, second));
        var line = Query("requests", seconds: 60).Lines.Single();
        Assert.All(line.Values, v => Assert.Equal(5, v, 6));
    }

    [Fact]
    public void A_counter_that_starts_anew_does_not_fall_below_nothing()
    {
        for (var second = 0; second <= 60; second++)
            Send(Sum("requests", second < 30 ? 1_000 + second : second - 30, second));
        Assert.All(Query("requests", seconds: 60).Lines.Single().Values, v => Assert.InRange(v, 0, 1));
    }

    [Fact]
    public void Deltas_add_up()
    {
        for (var second = 0; second <= 60; second++)
            Send(Sum("requests", 3, second, isDelta: true));
        Assert.All(Query("requests", seconds: 60).Lines.Single().Values, v => Assert.Equal(3, v, 6));
    }

    [Fact]
    public void A_histogram_shows_the_percentiles_of_each_step_and_not_of_all_time()
    {
        // A thousand quick ones before; in the step that is looked at, ten slow ones.
        for (var second = 0; second <= 30; second++)
            Send(Histogram("took", [1, 2], [1_000, second < 25 ? 0UL : 10, 0], sum: 1, second));
        var lines = Query("took", seconds: 30).Lines.ToDictionary(l => l.Label, l => l.Values);
        var step = Array.FindIndex(lines["p50"], double.IsFinite);
        Assert.Equal(1.5, lines["p50"][step], 6);
        Assert.Equal(1.9, lines["p90"][step], 6);
        Assert.Equal(1.99, lines["p99"][step], 6);
        Assert.Single(lines["p50"], double.IsFinite);
    }

    [Fact]
    public void The_first_request_of_a_route_shows_when_the_service_was_known_from_its_start()
    {
        var now = TimeProvider.System.GetUtcNow().UtcDateTime.AddMinutes(1);
        var point = new OtlpBytes().Fixed(2, Nanos(now)).Fixed(3, Nanos(now.AddSeconds(2))).Double(4, 1);
        _stores.Intake.TakeMetrics(OtlpBytes.Request("a", [new OtlpBytes().Text(1, "requests").Message(7, new OtlpBytes().Message(1, point).Number(2, 2).Number(3, 1))]));
        var view = new MetricQuery(new InstrumentId("a", "Tests", "requests"), TimeRange.Of("1m"), now.AddSeconds(5).Ticks).Run(_stores.Metrics)!;
        Assert.Equal(1, view.Lines.Single().Values.Where(double.IsFinite).Sum(), 6);
    }

    [Fact]
    public void Replicas_add_up_and_can_be_told_apart()
    {
        for (var second = 0; second <= 60; second++)
        {
            Send(Sum("requests", second * 2, second), instance: "a-1");
            Send(Sum("requests", second * 3, second), instance: "a-2");
        }
        Assert.Equal(5, Query("requests", 60).Lines.Single().Values[10], 6);
        var split = Query("requests", 60, by: "instance");
        Assert.Equal(["a-2 3", "a-1 2"], split.Lines.Select(l => $"{l.Label} {l.Values[10]:0}"));
        Assert.Equal(["a-1", "a-2"], split.Dimensions["instance"]);
    }

    [Fact]
    public void Chosen_dimensions_leave_the_others_out()
    {
        for (var second = 0; second <= 60; second++)
        {
            Send(Sum("requests", second * 2, second, ("route", "/a")));
            Send(Sum("requests", second * 3, second, ("route", "/b")));
        }
        var query = new MetricQuery(new InstrumentId("a", "Tests", "requests"), TimeRange.Of("1m"), Zero.AddSeconds(60).Ticks)
        {
            Chosen = new[] { ("route", "/b") }.ToLookup(c => c.Item1, c => c.Item2),
        };
        Assert.Equal(3, query.Run(_stores.Metrics)!.Lines.Single().Values[10], 6);
    }

    [Fact]
    public void A_service_that_was_silent_leaves_a_gap()
    {
        Send(Gauge("temperature", 20, 0));
        Send(Gauge("temperature", 21, 58));
        var values = Query("temperature", seconds: 60).Lines.Single().Values;
        Assert.Equal(20, values[5]);
        Assert.True(double.IsNaN(values[40]));
        Assert.Equal(21, values[^1]);
    }

    [Fact]
    public void Six_hours_stay_in_coarser_steps()
    {
        for (var second = 0; second <= 6 * 3600; second += 10)
            Send(Gauge("level", second / 3600, second));
        var values = Query("level", seconds: 6 * 3600, range: "6h").Lines.Single().Values;
        Assert.Equal([0, 1, 3, 5], new[] { values[3], values[15], values[35], values[55] });
    }

    [Fact]
    public void A_series_that_does_not_change_takes_hardly_any_room()
    {
        for (var second = 0; second <= 3_600; second++)
            Send(Gauge("constant", 42, second));
        Assert.InRange(_stores.Metrics.Size, 1, 3_000);
    }

    [Fact]
    public void Over_budget_no_new_series_is_taken_and_the_sender_is_told()
    {
        var stores = new Stores(new TelemetryLimits { MetricBytes = 50_000 });
        var refused = 0;
        for (var i = 0; i < 500; i++)
            refused += stores.Intake.TakeMetrics(OtlpBytes.Request("a", [Gauge("many", 1, 1, ("number", i))]));
        Assert.InRange(refused, 400, 499);
        Assert.InRange(stores.Metrics.Size, 1, 60_000);
        Assert.True(stores.Metrics.Instruments().Single().IsFull);
    }

    [Fact]
    public void Exemplars_lead_to_their_traces()
    {
        var exemplar = new OtlpBytes().Fixed(2, Nanos(30)).Double(3, 1.5).Bytes(4, new byte[7].Append((byte)4).ToArray()).Bytes(5, new byte[15].Append((byte)3).ToArray());
        Send(Histogram("took", [1, 2], [0, 1, 0], sum: 1.5, 30, exemplar));
        var found = Assert.Single(Query("took", seconds: 60).Exemplars);
        Assert.Equal((1.5, new TraceId(3), new SpanId(4)), (found.Value, found.TraceId, found.SpanId));
    }

    [Fact]
    public void Kinds_that_are_not_shown_are_refused_and_the_sender_is_told() =>
        Assert.Equal(1, _stores.Intake.TakeMetrics(OtlpBytes.Request("a", [new OtlpBytes().Text(1, "exponential").Message(10, new OtlpBytes())])));

    [Fact]
    public void Operations_have_percentiles_and_failures_over_time()
    {
        for (var i = 0UL; i < 100; i++)
            _stores.Send("payment", new SpanToSend(i + 1, i + 1, "POST /payments") { Kind = 2, Start = 1_000, Duration = i < 90 ? 10 : 500, Failed = i >= 98 });
        _stores.Send("payment", new SpanToSend(500, 500, "POST") { Kind = 3, Duration = 9 });

        var (operation, stats) = Assert.Single(_stores.Operations.Between(Zero.Ticks, Zero.AddMinutes(1).Ticks, fine: true));
        Assert.Equal(new Operation("payment", "POST /payments"), operation);
        Assert.Equal((100, 2), (stats.Count, stats.Failures));
        Assert.InRange(stats.P(0.5), 0.008, 0.012);
        Assert.InRange(stats.P(0.99), 0.42, 0.6);
        Assert.Empty(_stores.Operations.Between(Zero.AddMinutes(1).Ticks, Zero.AddMinutes(2).Ticks, fine: true));
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(0.9, 1)]
    [InlineData(1, 1)]
    [InlineData(1.1, 2)]
    [InlineData(37, 40)]
    [InlineData(0.0031, 0.004)]
    public void Axes_end_at_round_numbers(double highest, double top) => Assert.Equal(top, Axis.Top(highest), 12);

    internal static OtlpBytes Histogram(string name, double[] bounds, ulong[] counts, double sum, int second = 0, OtlpBytes? exemplar = null)
    {
        var point = new OtlpBytes().Fixed(3, Nanos(second)).Fixed(4, counts.Aggregate(0UL, (a, b) => a + b)).Double(5, sum)
            .Packed(6, counts).Packed(7, bounds.Select(BitConverter.DoubleToUInt64Bits));
        if (exemplar is not null)
            point.Message(8, exemplar);
        return new OtlpBytes().Text(1, name).Text(3, "s").Message(9, new OtlpBytes().Message(1, point).Number(2, 2));
    }

    private static OtlpBytes Sum(string name, double value, int second, params (string, object)[] dimensions) => Sum(name, value, second, false, dimensions);

    private static OtlpBytes Sum(string name, double value, int second, bool isDelta, params (string Key, object Value)[] dimensions) =>
        new OtlpBytes().Text(1, name).Message(7, new OtlpBytes().Message(1, Point(value, second, dimensions)).Number(2, isDelta ? 1UL : 2).Number(3, 1));

    private static OtlpBytes Gauge(string name, double value, int second, params (string Key, object Value)[] dimensions) =>
        new OtlpBytes().Text(1, name).Message(5, new OtlpBytes().Message(1, Point(value, second, dimensions)));

    private static OtlpBytes Point(double value, int second, (string Key, object Value)[] dimensions) =>
        dimensions.Aggregate(new OtlpBytes().Fixed(3, Nanos(second)).Double(4, value), (point, d) => point.Attribute(7, d.Key, d.Value));

    private static ulong Nanos(int second) => Nanos(Zero.AddSeconds(second));

    private static ulong Nanos(DateTime at) => (ulong)(at - DateTime.UnixEpoch).Ticks * 100;

    private void Send(OtlpBytes metric, string instance = "") => _stores.Intake.TakeMetrics(OtlpBytes.Request("a", [metric], instance));

    private MetricView Query(string name, int seconds, string? by = null, string range = "1m") =>
        new MetricQuery(new InstrumentId("a", "Tests", name), TimeRange.Of(range), Zero.AddSeconds(seconds).Ticks) { SplitBy = by }.Run(_stores.Metrics)!;
}
