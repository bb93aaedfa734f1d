using Local.Dashboard.Map;

namespace Local.Dashboard.Tests.Telemetry;

public sealed class ServiceMapTests
{
    private static readonly (string, object)[] Kafka = [("messaging.system", "kafka"), ("messaging.destination.name", "payments")];
    private readonly Stores _stores = new();

    [Fact]
    public void Traffic_makes_the_map()
    {
        _stores.Send("payment",
            new SpanToSend(1, 1, "POST /payments") { Kind = 2, Duration = 30 },
            new SpanToSend(1, 2, "INSERT") { Parent = 1, Kind = 3, Attributes = [("db.system.name", "postgresql"), ("db.namespace", "paymentdb")] },
            new SpanToSend(1, 3, "POST") { Parent = 1, Kind = 3, Attributes = [("server.address", "localhost")] },
            new SpanToSend(1, 5, "send payments") { Parent = 1, Kind = 4, Attributes = Kafka });
        _stores.Send("gateway", new SpanToSend(1, 4, "POST /charges") { Parent = 3, Kind = 2, Failed = true });
        _stores.Send("reservation", new SpanToSend(1, 6, "process payments") { Parent = 5, Kind = 5, Attributes = Kafka });

        Assert.Equal(
            [
                "callers > payment 1/0", "kafka payments > reservation 1/0", "payment > gateway 1/1", "payment > kafka payments 1/0",
                "payment > postgresql paymentdb 1/0",
            ],
            Edges(SpanToSend.Zero.Ticks));
    }

    [Fact]
    public void A_call_whose_cause_is_not_here_comes_from_outside()
    {
        _stores.Send("queue", new SpanToSend(1, 1, "POST /queue/tokens") { Parent = 999, Kind = 2 });
        Assert.Equal(["callers > queue 1/0"], Edges(0));
    }

    [Fact]
    public void What_ended_before_does_not_count()
    {
        _stores.Send("queue", new SpanToSend(1, 1, "old") { Kind = 2, Duration = 5 }, new SpanToSend(2, 2, "new") { Kind = 2, Start = 10_000 });
        Assert.Equal(["callers > queue 1/0"], Edges(SpanToSend.Zero.AddSeconds(5).Ticks));
    }

    [Fact]
    public void A_layout_puts_each_kind_in_its_row_and_nothing_on_another()
    {
        _stores.Send("a", new SpanToSend(1, 1, "in") { Kind = 2 }, new SpanToSend(1, 5, "send") { Parent = 1, Kind = 4, Attributes = Kafka },
            new SpanToSend(1, 6, "SELECT") { Parent = 1, Kind = 3, Attributes = [("db.system.name", "postgresql")] });
        _stores.Send("b", new SpanToSend(1, 2, "in") { Parent = 1, Kind = 2 }, new SpanToSend(2, 4, "in") { Kind = 2 });
        _stores.Send("a", new SpanToSend(1, 3, "back") { Parent = 2, Kind = 2 });
        var map = ServiceMap.Of(_stores.Traces.All(), 0);
        var layout = new MapLayout(map);
        Assert.Equal(["callers", "a", "b", "kafka payments", "postgresql"], map.Nodes.Select(n => n.Name).OrderBy(n => layout.At(n).Y).ThenBy(n => layout.At(n).X));
        Assert.Equal(map.Nodes.Count, map.Nodes.Select(n => layout.At(n.Name)).Distinct().Count());
        Assert.All(map.Nodes, n => Assert.True(layout.At(n.Name).X >= 0 && layout.At(n.Name).X + MapLayout.NodeWidth <= layout.Width));
    }

    private IEnumerable<string> Edges(long since) =>
        ServiceMap.Of(_stores.Traces.All(), since).Edges.Select(e => $"{e.From} > {e.To} {e.Count}/{e.Failures}");
}
