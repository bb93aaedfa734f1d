namespace Contracts;

/// <summary>The gateway has not said yes or no yet: the seats must stay held.</summary>
public sealed record PaymentPending(Guid PaymentId, Guid ReservationId, long UserId, long Amount, PaymentMethod Method, DateTimeOffset PendingUntil);

/// <summary>The money is ours.</summary>
public sealed record PaymentCompleted(Guid PaymentId, Guid ReservationId, long UserId, long Amount, PaymentMethod Method);

/// <summary>No money moved; the user may try again while the hold lasts.</summary>
public sealed record PaymentFailed(Guid PaymentId, Guid ReservationId, long UserId, long Amount, PaymentMethod Method, string Reason);

/// <summary>The money went back to the user.</summary>
public sealed record PaymentRefunded(Guid PaymentId, Guid ReservationId, long UserId, long Amount, PaymentMethod Method, string Reason);

/// <summary>What a payment is made with.</summary>
public enum PaymentMethod
{
    Points,
    Card,
}
