namespace ReservationService.Domain;

/// <summary>What came of an attempt to hold seats.</summary>
internal abstract record HoldResult
{
    private HoldResult() { }

    internal sealed record Held : HoldResult;

    internal sealed record SeatTaken(long[] SeatIds) : HoldResult;

    internal sealed record ReservationOpen : HoldResult;

    internal sealed record PassSpent : HoldResult;

    internal sealed record SeatLimit : HoldResult;

    /// <summary>The Idempotency-Key was used before; its answer is stored.</summary>
    internal sealed record KeyUsed : HoldResult;

    /// <summary>Another request with this Idempotency-Key is being served.</summary>
    internal sealed record KeyInFlight : HoldResult;
}
