using Local.Dashboard.Console;
using Local.Dashboard.Live;
using Local.Dashboard.Resources;
using Local.Dashboard.Services;

namespace Local.Dashboard.Tests.Shell;

public sealed class RuleTests
{
    [Theory]
    [InlineData("\u001b[40m\u001b[32minfo\u001b[39m\u001b[22m\u001b[49m: Started", "<span class=\"f2\">info</span>: Started")]
    [InlineData("\u001b[1;31mfail\u001b[0m", "<span class=\"f1 fb\">fail</span>")]
    [InlineData("\u001b[38;5;9mred\u001b[m \u001b[38;2;1;2;3mrgb", "<span class=\"f9\">red</span> rgb")]
    [InlineData("<script>alert('x')</script>", "&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt;")]
    [InlineData("on http://localhost:5101.", "on <a href=\"http://localhost:5101\" target=\"_blank\" rel=\"noreferrer\">http://localhost:5101</a>.")]
    [InlineData("http://a/\"onclick=x", "<a href=\"http://a/\" target=\"_blank\" rel=\"noreferrer\">http://a/</a>&quot;onclick=x")]
    [InlineData("\u001b[2Kgone\u001b]0;title\u0007", "gone")]
    public void A_terminal_line_becomes_safe_html(string line, string html) => Assert.Equal(html, AnsiText.ToHtml(line));

    [Fact]
    public void In_the_graph_what_is_needed_stands_to_the_right()
    {
        string[] names = ["load", "queue", "payment", "redis", "db", "server"];
        var graph = GraphLayout.Of(names, [("load", "queue"), ("load", "payment"), ("queue", "redis"), ("payment", "db"), ("db", "server"), ("load", "redis")]);
        var x = graph.Nodes.ToDictionary(n => n.Name, n => n.X);
        Assert.All(graph.Edges, e => Assert.True(x[e.From] < x[e.To], $"{e.From} is not left of {e.To}"));
        Assert.Equal(names.Length, graph.Nodes.Select(n => (n.X, n.Y)).Distinct().Count());
        Assert.All(graph.Nodes, n => Assert.InRange(n.Y, 0, graph.Height - GraphLayout.NodeHeight));
    }

    [Fact]
    public void A_circle_in_the_model_still_has_a_picture() =>
        Assert.Equal(2, GraphLayout.Of(["a", "b"], [("a", "b"), ("b", "a")]).Nodes.Count);

    [Fact]
    public void Metrics_are_read_with_their_labels()
    {
        var samples = MetricsText.Parse("# HELP x y\nplain 3\nrich{a=\"1\",b=\"with \\\"quotes\\\", and comma\"} 4.5 1700000000\nbroken{a=\n").ToList();
        Assert.Equal([("plain", 3.0), ("rich", 4.5)], samples.Select(s => (s.Name, s.Value)));
        Assert.Equal("with \"quotes\", and comma", samples[1].Labels["b"]);
    }

    [Fact]
    public async Task A_change_between_two_waits_is_not_missed()
    {
        var changes = new LiveChanges();
        using var watch = changes.Begin(["resources"]);
        changes.Raise("resources");
        await watch.WaitAsync(TestContext.Current.CancellationToken);
        changes.Raise("resources");
        await watch.WaitAsync(TestContext.Current.CancellationToken);
        var next = watch.WaitAsync(TestContext.Current.CancellationToken);
        Assert.False(next.IsCompleted);
        changes.Raise("traces");
        Assert.False(next.IsCompleted);
        changes.Raise("resources");
        await next;
    }

    [Fact]
    public void A_topic_is_watched_as_long_as_one_page_shows_it()
    {
        var changes = new LiveChanges();
        using (changes.Begin(["metrics"]))
            Assert.True(changes.IsWatched("metrics"));
        Assert.False(changes.IsWatched("metrics"));
    }

    [Fact]
    public async Task A_process_s_memory_is_known_once_somebody_looks()
    {
        var changes = new LiveChanges();
        var self = new ResourceSnapshot("self", "Project", "Running") { Replicas = [new("self", "Running", true, Environment.ProcessId)] };
        using var usages = new ProcessUsage(new SomeResources(self), changes, TimeProvider.System);
        Assert.Null(usages.Of(self));
        using var watch = changes.Begin([ProcessUsage.Topic]);
        await watch.WaitAsync(TestContext.Current.CancellationToken);
        Assert.InRange(usages.Of(self)!.Value.Memory, 10 << 20, 10L << 30);
    }
}
