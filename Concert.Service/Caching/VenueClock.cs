using Microsoft.Extensions.Options;

namespace ConcertService;

public sealed class VenueOptions
{
    public const string Section = "Venue";

    /// <summary>IANA name of the zone whose midnight ends the life of cached schedules.</summary>
    public string TimeZone { get; set; } = "Asia/Seoul";
}

/// <summary>Knows when the day ends where the concerts are.</summary>
public sealed class VenueClock(IOptions<VenueOptions> options, TimeProvider time)
{
    private readonly TimeZoneInfo _zone = Find(options.Value.TimeZone)!;

    public DateTimeOffset NextMidnight()
    {
        var tomorrow = TimeZoneInfo.ConvertTime(time.GetUtcNow(), _zone).Date.AddDays(1);
        return new(tomorrow, _zone.GetUtcOffset(tomorrow));
    }

    /// <summary>Korea keeps +09:00 all year, so the default needs no time zone database on the machine.</summary>
    public static TimeZoneInfo? Find(string id) =>
        TimeZoneInfo.TryFindSystemTimeZoneById(id, out var zone) ? zone
        : id == "Asia/Seoul" ? TimeZoneInfo.CreateCustomTimeZone(id, TimeSpan.FromHours(9), id, id)
        : null;
}
