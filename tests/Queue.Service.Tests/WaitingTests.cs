using QueueService.Domain;

namespace QueueService.Tests;

/// <summary>What a waiting user is told: position, estimate, and when to ask again.</summary>
public sealed class WaitingTests
{
    private static readonly DateTimeOffset Now = new(2030, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private static LineView Line(
        long issued = 100, long serving = 0, long waiting = 100, long reformed = 0, long reformServing = 0, double rate = 0, DateTimeOffset? opensAt = null)
        => new("1", issued, serving, waiting, reformed, reformServing, 0, rate, Now, new LineLimits(10, 5, false, opensAt), new Shuffle(0, 0, ""), 0);

    [Theory]
    [InlineData(1, 0.5, 1_000)]
    [InlineData(101, 0.5, 2_000)]
    [InlineData(1_001, 0.5, 11_000)]
    [InlineData(2_901, 0.5, 30_000)]
    [InlineData(100_000, 0.5, 30_000)]
    [InlineData(long.MaxValue, 0.5, 30_000)]
    [InlineData(1, 0, 800)]
    [InlineData(1_001, 0, 8_800)]
    [InlineData(1_001, 0.75, 12_100)]
    public void The_interval_grows_with_the_position_and_jitters_in_proportion(long position, double chance, double milliseconds)
        => Assert.Equal(milliseconds, PollPacing.Interval(position, TimeSpan.Zero, chance).TotalMilliseconds, tolerance: 0.001);

    [Theory]
    [InlineData(12, 12)]
    [InlineData(500, 30)]
    [InlineData(0.1, 1)]
    public void Before_the_opening_one_asks_when_it_comes(double untilOpening, double seconds)
        => Assert.Equal(seconds, PollPacing.Interval(1, TimeSpan.FromSeconds(untilOpening), 0.5).TotalSeconds, tolerance: 0.001);

    [Fact]
    public void Nobody_is_told_to_wait_longer_than_the_longest()
        => Assert.Equal(PollPacing.Longest, PollPacing.Interval(1_000_000, TimeSpan.FromDays(1), 1));

    [Theory]
    [InlineData(100, 4, 5, 0.1, 0, 25)]
    [InlineData(100, 8, 5, 0.1, 0, 20)]
    [InlineData(100, 0, 5, 0.5, 0, 200)]
    [InlineData(101, 4, 5, 0.1, 0, 26)]
    [InlineData(100, 4, 5, 0.1, 10, 35)]
    [InlineData(100, 4, 5, 0.1, -10, 25)]
    [InlineData(100, 4, 0, 0.1, 0, 86_400)]
    [InlineData(100, 0, 5, 0, 0, 86_400)]
    [InlineData(1e12, 4, 5, 0, 0, 86_400)]
    public void The_estimate_follows_the_measured_rate_within_what_is_allowed(
        double living, double measured, double allowed, double places, double untilOpening, long seconds)
        => Assert.Equal(seconds, WaitEstimate.Seconds(living, measured, allowed, places, TimeSpan.FromSeconds(untilOpening)));

    [Fact]
    public void The_position_is_the_distance_to_the_serving_number()
    {
        Assert.Equal(1, Line(serving: 41).PositionOf(42, order: 42));
        Assert.Equal(59, Line(serving: 41).PositionOf(100, order: 100));
        Assert.True(Line(serving: 41).IsAhead(42));
        Assert.False(Line(serving: 42).IsAhead(42));
    }

    [Fact]
    public void Those_of_a_lost_life_stand_in_front()
    {
        var line = Line(issued: 1_100, serving: 1_000, reformed: 30, reformServing: 20);

        Assert.Equal(31, line.PositionOf(1_001, order: 1_001));
        Assert.Equal(5, line.PositionOf(25, order: 25));
        Assert.Equal(30, line.PositionOf(500, order: 500));
        Assert.Equal(1, line.PositionOf(10, order: 10));
    }

    [Theory]
    [InlineData(100, 100, 50)]
    [InlineData(100, 20, 10)]
    [InlineData(100, 0, 1)]
    [InlineData(0, 0, 50)]
    [InlineData(10, 100, 50)]
    public void Those_who_left_do_not_count(long issued, long waiting, double living)
        => Assert.Equal(living, Line(issued: issued, waiting: waiting).LivingUpTo(50));

    [Fact]
    public void The_measured_rate_fades_while_nobody_is_admitted()
    {
        var line = Line(rate: 10);

        Assert.Equal(10, line.AdmittedPerSecond(Now));
        Assert.Equal(10, line.AdmittedPerSecond(Now - TimeSpan.FromHours(1)));
        Assert.Equal(10 / Math.E, line.AdmittedPerSecond(Now + LineView.Smoothing), tolerance: 1e-9);
    }

    [Fact]
    public void The_opening_is_a_time_ahead_or_none()
    {
        Assert.Equal(TimeSpan.Zero, Line().UntilOpening(Now));
        Assert.Equal(TimeSpan.FromSeconds(3), Line(opensAt: Now + TimeSpan.FromSeconds(3)).UntilOpening(Now));
        Assert.Equal(TimeSpan.Zero, Line(opensAt: Now - TimeSpan.FromSeconds(3)).UntilOpening(Now));
    }
}
