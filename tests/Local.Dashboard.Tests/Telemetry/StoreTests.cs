using Local.Dashboard.Logs;
using Local.Dashboard.Telemetry;

namespace Local.Dashboard.Tests.Telemetry;

public sealed class StoreTests
{
    [Fact]
    public void A_chatty_service_cannot_push_out_another()
    {
        var stores = new Stores(new TelemetryLimits { TracesPerResource = 10 });
        stores.Send("quiet", new SpanToSend(1, 1, "rare"));
        for (var i = 100UL; i < 150; i++)
            stores.Send("chatty", new SpanToSend(i, i, "often"));

        Assert.Equal("rare", stores.Trace(1).Root.Name);
        Assert.Null(stores.Trace(139));
        Assert.NotNull(stores.Trace(140));
        Assert.Equal(11, stores.Traces.All().Length);
        Assert.Equal(40, stores.Traces.Use().Single(u => u.Resource == "chatty").Dropped);
    }

    [Fact]
    public void A_trace_loses_only_the_part_of_the_resource_that_has_no_room()
    {
        var stores = new Stores(new TelemetryLimits { TracesPerResource = 2 });
        stores.Send("web", new SpanToSend(1, 1, "request") { Start = 0, Duration = 100 });
        stores.Send("db", new SpanToSend(1, 2, "query") { Parent = 1, Start = 10, Duration = 5 });
        stores.Send("web", new SpanToSend(2, 3, "other"), new SpanToSend(3, 4, "other"));

        var left = stores.Trace(1);
        Assert.Equal("query", left.Root.Name);
        Assert.Equal(TimeSpan.FromMilliseconds(5), left.Duration);
        Assert.Equal("db", Assert.Single(left.Parts).Resource);
    }

    [Fact]
    public void Memory_is_shared_out_among_resources()
    {
        var stores = new Stores(new TelemetryLimits { TraceBytes = 600_000 });
        for (var i = 1UL; i <= 2_000; i++)
            stores.Send("chatty", new SpanToSend(i, i, "often") { Attributes = [("id", new string('x', 500))] });

        var use = stores.Traces.Use().Single();
        Assert.InRange(use.Bytes, 1, 600_000 / TelemetryLimits.FewestShares);
        Assert.Equal(use.Count, stores.Traces.All().Length);
        Assert.NotNull(stores.Trace(2_000));
    }

    [Fact]
    public void A_trace_without_end_is_cut_and_the_sender_is_told()
    {
        var stores = new Stores();
        var spans = Enumerable.Range(1, 5_010).Select(i => new SpanToSend(1, (ulong)i, "loop")).ToArray();
        Assert.Equal(10, stores.Send("a", spans));
        Assert.Equal(5_000, stores.Trace(1).SpanCount);
    }

    [Fact]
    public void Logs_of_one_resource_leave_those_of_another_alone()
    {
        var stores = new Stores(new TelemetryLimits { LogsPerResource = 5 });
        Write("quiet", "one");
        foreach (var i in Enumerable.Range(0, 20))
            Write("chatty", $"line {i}");

        Assert.Equal("one", stores.Logs.Newest("quiet").Single().Message);
        Assert.Equal(["line 19", "line 18", "line 17", "line 16", "line 15"], stores.Logs.Newest("chatty").Select(e => e.Message));

        void Write(string service, string text) =>
            stores.Intake.TakeLogs(OtlpBytes.Request(service, [new OtlpBytes().Fixed(1, 1_000).Message(5, OtlpBytes.Any(text))]));
    }

    [Fact]
    public void Too_many_resources_are_refused_and_the_sender_is_told()
    {
        var stores = new Stores();
        for (var i = 0; i < TelemetryResources.MostResources; i++)
            Assert.Equal(0, stores.Send($"service-{i}", new SpanToSend(1, (ulong)i + 1, "work")));

        Assert.Equal(2, stores.Send("one too many", new SpanToSend(2, 1, "work"), new SpanToSend(2, 2, "work")));
        Assert.Equal(0, stores.Send("service-7", new SpanToSend(3, 1, "work")));
    }

    [Fact]
    public void Clearing_one_resource_keeps_the_others()
    {
        var stores = new Stores();
        stores.Send("a", new SpanToSend(1, 1, "one"));
        stores.Send("b", new SpanToSend(1, 2, "two") { Parent = 1 });
        stores.Traces.Clear("a");
        Assert.Equal("two", stores.Trace(1).Spans.Single().Name);
        stores.Traces.Clear();
        Assert.Empty(stores.Traces.All());
    }

    [Fact]
    public void Texts_that_differ_each_time_do_not_fill_the_words()
    {
        var stores = new Stores();
        var before = Words.Shared.Count;
        for (var i = 1UL; i <= 3_000; i++)
            stores.Send("a", new SpanToSend(i, i, "work") { Attributes = [("only.here.id", Guid.CreateVersion7().ToString())] });
        // Tests run beside each other: not exactly the few that this key may have.
        Assert.InRange(Words.Shared.Count - before, 0, 2_000);
        Assert.Equal(36, stores.Trace(3_000).Root.Attributes["only.here.id"]!.Length);
    }

    [Fact]
    public async Task Readers_and_writers_do_not_disturb_each_other()
    {
        var stores = new Stores(new TelemetryLimits { TracesPerResource = 50 });
        using var done = new CancellationTokenSource();
        var reading = Task.Run(() =>
        {
            var seen = 0L;
            while (!done.IsCancellationRequested)
                seen += stores.Traces.All().Sum(t => t.Spans.Count(s => s.Name.Length > 0));
            return seen;
        });
        await Parallel.ForEachAsync(Enumerable.Range(0, 4), async (worker, _) =>
        {
            await Task.Yield();
            for (var i = 1UL; i <= 3_000; i++)
                stores.Send($"service-{worker}", new SpanToSend(i, i * 10 + (ulong)worker, "work"));
        });
        await done.CancelAsync();
        Assert.True(await reading >= 0);
        Assert.All(stores.Traces.Use(), u => Assert.Equal(50, u.Count));
    }

    [Theory]
    [InlineData("k = v", "v", true)]
    [InlineData("k=w", "v", false)]
    [InlineData("k != w", "v", true)]
    [InlineData("k != v", null, true)]
    [InlineData("k ~ seat", "/seats/1", true)]
    [InlineData("k !~ seat", "/seats/1", false)]
    [InlineData("k >= 500", "503", true)]
    [InlineData("k < 9", "10", false)]
    [InlineData("k > 5", null, false)]
    [InlineData("k", "anything", true)]
    [InlineData("k", null, false)]
    public void Conditions_mean_what_they_say(string condition, string? value, bool expected) =>
        Assert.Equal(expected, AttributeCondition.ParseAll(condition).Single() is { Key: "k" } c && c.Holds(value));

    [Fact]
    public void Log_filters_hold_together()
    {
        var stores = new Stores();
        stores.Intake.TakeLogs(OtlpBytes.Request("a", [Entry("paid", 9, "7"), Entry("refused", 17, "7"), Entry("refused", 17, "8")]));
        var filter = new LogFilter { AtLeast = LogSeverity.Warning, Text = "REF", Conditions = AttributeCondition.ParseAll("User = 7") };
        Assert.Equal("refused", stores.Logs.Newest(null).Single(filter.Includes).Message);

        static OtlpBytes Entry(string text, ulong severity, string user) =>
            new OtlpBytes().Fixed(1, 5).Number(2, severity).Message(5, OtlpBytes.Any(text)).Attribute(6, "User", user);
    }
}
