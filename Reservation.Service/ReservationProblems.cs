using ServiceDefaults.Problems;

namespace ReservationService;

/// <summary>What this service refuses, and how it says so.</summary>
internal static class ReservationProblems
{
    public static ProblemResult SeatTaken(IReadOnlyList<long> seatIds) => Problem.Of(
        StatusCodes.Status409Conflict, "seat-taken", "Somebody else was quicker. Choose other seats.",
        extensions: new Dictionary<string, object?>(StringComparer.Ordinal) { ["seatIds"] = seatIds });

    public static ProblemResult UnknownSeat(long seatId) => Problem.Of(
        StatusCodes.Status400BadRequest, "unknown-seat", $"Seat {seatId} is not a seat of this schedule.",
        extensions: new Dictionary<string, object?>(StringComparer.Ordinal) { ["seatIds"] = new[] { seatId } });

    public static ProblemResult ReservationOpen() =>
        Problem.Of(StatusCodes.Status409Conflict, "reservation-open", "This pass already holds seats. Pay for them or cancel them first.");

    public static ProblemResult PassSpent() =>
        Problem.Of(StatusCodes.Status403Forbidden, "pass-spent", "This pass has bought its seats. Stand in line again for more.");

    public static ProblemResult SeatLimit(int most) =>
        Problem.Of(StatusCodes.Status409Conflict, "seat-limit", $"One user can have at most {most} seats of a concert.");

    public static ProblemResult SaleClosed() => Problem.Of(StatusCodes.Status409Conflict, "sale-closed", "This schedule has begun.");

    public static ProblemResult OtherConcert() => Problem.Of(StatusCodes.Status403Forbidden, "not-admitted", "This pass is for another concert.");

    public static ProblemResult PaymentPending() =>
        Problem.Of(StatusCodes.Status409Conflict, "payment-pending", "A payment for this reservation is under way.", retryAfter: TimeSpan.FromSeconds(2));

    public static ProblemResult AlreadyConfirmed() => Problem.Of(StatusCodes.Status409Conflict, "already-confirmed", "This reservation is paid.");
}
