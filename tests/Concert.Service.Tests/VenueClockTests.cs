using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Npgsql;
using Testing;
using Xunit;

namespace ConcertService.Tests;

public class VenueClockTests
{
    [Theory]
    [InlineData("Asia/Seoul", "2026-12-24T14:59:59Z", "2026-12-24T15:00:00Z")]
    [InlineData("Asia/Seoul", "2026-12-24T15:00:00Z", "2026-12-25T15:00:00Z")]
    [InlineData("UTC", "2026-12-24T15:00:00Z", "2026-12-25T00:00:00Z")]
    public void The_day_ends_at_the_venues_midnight(string zone, string now, string midnight) =>
        Assert.Equal(DateTimeOffset.Parse(midnight), Clock(zone, new ManualTime(DateTimeOffset.Parse(now))).NextMidnight());

    [Fact]
    public async Task What_was_read_today_is_read_again_tomorrow()
    {
        var time = new ManualTime(new(2026, 12, 24, 14, 0, 0, TimeSpan.Zero));
        await using var services = new ServiceCollection().AddMetrics().BuildServiceProvider();
        await using var database = NpgsqlDataSource.Create("Host=localhost");
        using var feed = new SeatFeed(database, new CacheMetrics(services.GetRequiredService<IMeterFactory>()), time, NullLogger<SeatFeed>.Instance);
        var reading = new Reading(1, 0, time.GetUtcNow(), Clock("Asia/Seoul", time).NextMidnight());

        time.Advance(TimeSpan.FromMinutes(59));
        Assert.True(feed.IsCurrent(reading));
        time.Advance(TimeSpan.FromMinutes(1));
        Assert.False(feed.IsCurrent(reading));
    }

    [Fact]
    public void Seoul_is_known_everywhere_and_nonsense_nowhere()
    {
        Assert.Equal(TimeSpan.FromHours(9), VenueClock.Find("Asia/Seoul")!.BaseUtcOffset);
        Assert.Null(VenueClock.Find("Mars/Olympus"));
    }

    private static VenueClock Clock(string zone, TimeProvider time) => new(Options.Create(new VenueOptions { TimeZone = zone }), time);
}
