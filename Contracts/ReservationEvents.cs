namespace Contracts;

/// <summary>Seats are held for one user, and nobody else can have them until <see cref="HeldUntil"/>.</summary>
public sealed record ReservationHeld(
    Guid ReservationId, long UserId, long ConcertId, long ScheduleId, long[] SeatIds, long Ticket, long Amount, DateTimeOffset HeldUntil);

/// <summary>A payment takes longer: the hold lasts until the new <see cref="HeldUntil"/>.</summary>
public sealed record ReservationExtended(Guid ReservationId, long ConcertId, long ScheduleId, DateTimeOffset HeldUntil);

/// <summary>The seats are sold.</summary>
public sealed record ReservationConfirmed(
    Guid ReservationId, Guid PaymentId, long UserId, long ConcertId, long ScheduleId, long[] SeatIds, long Ticket, long Amount);

/// <summary>The seats are free again, as far as this reservation is concerned.</summary>
public sealed record ReservationReleased(
    Guid ReservationId, long UserId, long ConcertId, long ScheduleId, long[] SeatIds, long Ticket, ReleaseReason Reason);

/// <summary>A payment came for a reservation whose seats are gone: the money has to go back.</summary>
public sealed record ReservationRejected(Guid ReservationId, Guid PaymentId, long ConcertId, long ScheduleId, string Reason);

/// <summary>Why a reservation gave its seats back.</summary>
public enum ReleaseReason
{
    Cancelled,
    Expired,
}
