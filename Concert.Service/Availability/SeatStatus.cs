namespace ConcertService;

/// <summary>What anybody may know about a seat. The numbers are those of seat_claims.state (2, released, is nobody's seat).</summary>
public enum SeatStatus : byte
{
    Available = 0,
    Held = 1,
    Sold = 3,
}
