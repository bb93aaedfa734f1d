namespace ReservationService.Layouts;

/// <summary>What a schedule's seats cost. It never changes.</summary>
internal sealed class Layout(long concertId, DateTimeOffset startsAt, long[] seatIds, long[] prices)
{
    public long ConcertId => concertId;

    public DateTimeOffset StartsAt => startsAt;

    /// <summary>The price of these seats together, or the first of them that does not exist.</summary>
    public (long Amount, long? Unknown) PriceOf(ReadOnlySpan<long> seats)
    {
        long amount = 0;
        foreach (var seat in seats)
        {
            var index = Array.BinarySearch(seatIds, seat);
            if (index < 0) return (0, seat);
            amount += prices[index];
        }
        return (amount, null);
    }
}
