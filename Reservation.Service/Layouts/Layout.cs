namespace ReservationService.Layouts;

/// <summary>Seats whose ids follow one another and cost the same.</summary>
internal readonly record struct SeatRun(long First, int Count, long Price);

/// <summary>What a schedule's seats cost. It never changes.</summary>
/// <param name="concertId">Whose pass lets hold its seats.</param>
/// <param name="startsAt">The sale ends with the start.</param>
/// <param name="runs">Ascending.</param>
internal sealed class Layout(long concertId, DateTimeOffset startsAt, SeatRun[] runs)
{
    public long ConcertId => concertId;

    public DateTimeOffset StartsAt => startsAt;

    /// <summary>The price of these seats together, or the first of them that does not exist.</summary>
    public (long Amount, long? Unknown) PriceOf(ReadOnlySpan<long> seats)
    {
        long amount = 0;
        foreach (var seat in seats)
        {
            var run = Array.FindLastIndex(runs, r => r.First <= seat);
            if (run < 0 || seat - runs[run].First >= runs[run].Count) return (0, seat);
            amount += runs[run].Price;
        }
        return (amount, null);
    }
}
