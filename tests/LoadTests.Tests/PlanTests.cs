using LoadTests.Planning;

namespace LoadTests.Tests;

public sealed class PlanTests
{
    [Fact]
    public void Daily_users_become_rates_and_virtual_users()
    {
        var plan = new LoadPlan(1_650_000, 2, 10, 12, TimeSpan.FromMilliseconds(50), TimeSpan.Zero);
        Assert.Equal(38.19, plan.AverageRps, 2);
        Assert.Equal(381.94, plan.PeakRps, 2);
        Assert.Equal(TimeSpan.FromMilliseconds(600), plan.IterationTime);
        Assert.Equal(20, plan.VirtualUsersFor(plan.PeakRps));
    }

    [Fact]
    public void Waiting_makes_more_users_necessary_for_the_same_rate() =>
        Assert.Equal(112, new LoadPlan(8_640_000, 1, 1, 1, TimeSpan.FromMilliseconds(100), TimeSpan.FromSeconds(1.02)).VirtualUsersFor(100));

    [Fact]
    public void The_knee_is_where_throughput_stops_following_the_users()
    {
        var curve = Enumerable.Range(1, 60).Select(i => new Knee.Point(i * 10, Math.Min(i * 10, 200) + i % 3)).ToArray();
        Assert.InRange(Knee.Find(curve)!.Users, 190, 210);
    }

    [Fact]
    public void A_line_that_rises_to_the_end_has_no_knee() =>
        Assert.Null(Knee.Find([.. Enumerable.Range(1, 60).Select(i => new Knee.Point(i, i * 3))]));

    [Fact]
    public void A_single_point_has_no_knee() => Assert.Null(Knee.Find([new Knee.Point(1, 1)]));
}
