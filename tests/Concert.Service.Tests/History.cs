namespace ConcertService.Tests;

/// <summary>
/// What happened to a few seats: holds, releases, takeovers, sales, and sales revived after a release, as Reservation allows them.
/// Knows who owns what by having followed it, not by looking at the claims.
/// </summary>
internal sealed class History
{
    private readonly List<(int Seat, Guid Reservation, ClaimState State)> _claims = [];
    private readonly (Guid? Holder, bool Sold)[] _seats;
    private readonly List<(Guid Reservation, int Seat)> _released = [];

    private History(int seats) => _seats = new (Guid?, bool)[seats];

    public IReadOnlyList<(int Seat, Guid Reservation, ClaimState State)> Claims => _claims;

    public IEnumerable<string> Statuses => _seats.Select(seat => seat switch
    {
        { Sold: true } => "sold",
        { Holder: not null } => "held",
        _ => "available",
    });

    public static History Invent(Random random, int steps, int seats)
    {
        var history = new History(seats);
        for (var step = 0; step < steps; step++)
            history.Step(random);
        return history;
    }

    private void Step(Random random)
    {
        var seat = random.Next(_seats.Length);
        switch (random.Next(5), _seats[seat])
        {
            case (_, { Sold: true }):
                break;
            case (0, { Holder: { } holder }):
                Release(seat, holder);
                break;
            case (1, { Holder: { } holder }):
                Tell(seat, holder, ClaimState.Sold);
                _seats[seat] = (holder, true);
                break;
            case (2, { Holder: { } former }):
                Release(seat, former);
                Hold(seat);
                break;
            case (3, { Holder: null }) when _released.Exists(release => release.Seat == seat):
                var revived = _released.FindLast(release => release.Seat == seat).Reservation;
                Tell(seat, revived, ClaimState.Sold);
                _seats[seat] = (revived, true);
                break;
            case (_, { Holder: null }):
                Hold(seat);
                break;
        }
    }

    private void Hold(int seat)
    {
        var reservation = Guid.CreateVersion7();
        Tell(seat, reservation, ClaimState.Held);
        _seats[seat] = (reservation, false);
    }

    private void Release(int seat, Guid reservation)
    {
        Tell(seat, reservation, ClaimState.Released);
        _released.Add((reservation, seat));
        _seats[seat] = (null, false);
    }

    private void Tell(int seat, Guid reservation, ClaimState state) => _claims.Add((seat, reservation, state));
}
