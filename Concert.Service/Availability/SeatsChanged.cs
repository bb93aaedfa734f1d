using System.Globalization;

namespace ConcertService;

/// <summary>
/// One schedule's seats looked different after a commit: what the database tells every replica (<see cref="TrackAvailability"/> sends it).
/// <paramref name="Seats"/> is null when there were too many to name in one notification.
/// </summary>
public sealed record SeatsChanged(
    long ConcertId, long ScheduleId, long Version, int Taken, DateTimeOffset OccurredAt, IReadOnlyList<SeatChange>? Seats)
{
    public const string Channel = "seats";

    /// <summary>Reads "concert schedule version taken occurredAt seat=status,seat=status,…".</summary>
    public static SeatsChanged Parse(ReadOnlySpan<char> payload)
    {
        Span<Range> words = stackalloc Range[6];
        var count = payload.Split(words, ' ');
        return new(
            Number(payload[words[0]]),
            Number(payload[words[1]]),
            Number(payload[words[2]]),
            (int)Number(payload[words[3]]),
            DateTimeOffset.FromUnixTimeMilliseconds(Number(payload[words[4]])),
            count < 6 ? null : ParseSeats(payload[words[5]]));
    }

    private static List<SeatChange> ParseSeats(ReadOnlySpan<char> list)
    {
        var seats = new List<SeatChange>();
        foreach (var range in list.Split(','))
        {
            var seat = list[range];
            var equals = seat.IndexOf('=');
            seats.Add(new(Number(seat[..equals]), (SeatStatus)Number(seat[(equals + 1)..])));
        }

        return seats;
    }

    private static long Number(ReadOnlySpan<char> digits) => long.Parse(digits, NumberStyles.None, CultureInfo.InvariantCulture);
}

public readonly record struct SeatChange(long SeatId, SeatStatus Status);
