using Contracts;
using PaymentService.Domain;

namespace PaymentService.Cards;

/// <summary>A card payment nobody has settled, at the step that its holder knows: see <see cref="CardPayments"/>.</summary>
public sealed record PendingPayment(
    Guid Id, Guid ReservationId, long UserId, long Amount, string CardLastFour, DateTimeOffset CreatedAt, int Step,
    int Checks = 0, DateTimeOffset? PendingUntil = null)
{
    public PaymentView View(string status) => new(
        Id, ReservationId, Amount, Won.Currency, PaymentView.NameOf(PaymentMethod.Card), status, CreatedAt, CardLastFour);

    public PaymentCompleted Completed() => new(Id, ReservationId, UserId, Amount, PaymentMethod.Card);

    public PaymentFailed Failed(string reason) => new(Id, ReservationId, UserId, Amount, PaymentMethod.Card, reason);

    public PaymentPending Pending(DateTimeOffset until) => new(Id, ReservationId, UserId, Amount, PaymentMethod.Card, until);
}
