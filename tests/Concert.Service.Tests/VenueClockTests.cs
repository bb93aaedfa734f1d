using Microsoft.Extensions.Options;
using Xunit;

namespace ConcertService.Tests;

public class VenueClockTests
{
    [Theory]
    [InlineData("2026-12-24T14:59:59Z", "2026-12-24T15:00:00Z")]
    [InlineData("2026-12-24T15:00:00Z", "2026-12-25T15:00:00Z")]
    public void The_day_ends_at_midnight_in_Seoul(string now, string midnight) =>
        Assert.Equal(DateTimeOffset.Parse(midnight), new VenueClock(Options.Create(new VenueOptions()), new FixedTime(DateTimeOffset.Parse(now))).NextMidnight());

    private sealed class FixedTime(DateTimeOffset now) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => now;
    }
}
