namespace ReservationService.Domain;

/// <summary>A hold that is about to be made.</summary>
internal sealed record Hold(
    Guid Id, long UserId, long ConcertId, long ScheduleId, long[] SeatIds, long Ticket, long Amount, DateTimeOffset At, DateTimeOffset Until);
