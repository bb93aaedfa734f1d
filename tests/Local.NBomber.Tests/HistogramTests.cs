using NBomber.Engine;

namespace Local.NBomber.Tests;

public sealed class HistogramTests
{
    [Fact]
    public void Percentiles_agree_with_the_sorted_values_to_three_digits()
    {
        var random = new Random(7);
        var values = Enumerable.Range(0, 50_000).Select(_ => (long)Math.Pow(10, random.NextDouble() * 8)).ToArray();
        var histogram = new Histogram();
        foreach (var value in values) histogram.Record(value);
        Array.Sort(values);

        var summary = histogram.Summarise();

        Assert.Equal(values.Length, summary.Count);
        Assert.Equal(values[0], summary.Min);
        Assert.Equal(values[^1], summary.Max);
        foreach (var percent in new[] { 1, 25, 50, 75, 90, 95, 99, 99.9, 100 })
        {
            var exact = values[(int)Math.Ceiling(percent / 100 * values.Length) - 1];
            Assert.InRange(summary.Percentile(percent), exact, exact * 1.001 + 1);
        }
    }

    [Fact]
    public void Ten_minutes_in_microseconds_still_fits()
    {
        var histogram = new Histogram();
        histogram.Record(600_000_000);
        Assert.InRange(histogram.Summarise().Percentile(50), 599_400_000, 600_600_000);
    }

    [Fact]
    public void Nothing_is_lost_when_many_threads_record()
    {
        var histogram = new Histogram();
        Parallel.For(0, 100_000, i => histogram.Record(i % 5_000));
        var summary = histogram.Summarise();
        Assert.Equal(100_000, summary.Count);
        Assert.Equal(4_999, summary.Max);
        Assert.Equal(0, summary.Min);
    }

    [Fact]
    public void Two_histograms_add_up()
    {
        var one = new Histogram();
        var two = new Histogram();
        one.Record(10);
        two.Record(1_000_000);
        one.Add(two);
        Assert.Equal((2, 10, 1_000_000), (one.Summarise().Count, one.Summarise().Min, one.Summarise().Max));
    }
}
