using Contracts;
using Messaging;
using Npgsql;
using PaymentService.Data;
using ServiceDefaults.Database;

namespace PaymentService.Features;

/// <summary>Debit, ledger, payment, event and answer in one round trip and one transaction: <c>pay_with_points</c> in Data/.</summary>
public sealed class PayWithPoints(GroupCommit db, IOutbox outbox, TimeProvider time, PaymentMetrics metrics)
{
    private const string Sql = "SELECT outcome, status, body, same_request FROM pay_with_points($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)";

    public async Task<IResult> HandleAsync(Purchase purchase, CancellationToken ct)
    {
        var ((user, hold, request), now, id) = (purchase, time.GetUtcNow(), Guid.CreateVersion7(time.GetUtcNow()));
        var completed = Answer.Of(PaymentView.OfPoints(id, hold.ReservationId, hold.Amount, now));
        var paid = OutboxMessage.Create(
            Topics.Payments, hold.ReservationId.ToString(), new PaymentCompleted(id, hold.ReservationId, user.Id, hold.Amount, PaymentMethod.Points));

        var (outcome, first) = await db.RunAsync(user.Id, Command, row => (row.GetString(0), row.GetString(0) is "replay" ? FirstAnswers.Read(row) : null), ct);
        switch (outcome)
        {
            case "completed":
                outbox.Wake();
                metrics.Completed(PaymentMethod.Points, hold.Amount);
                return completed.ToResult(id);
            case "replay":
                return first!;
            case "insufficient-points":
                metrics.Failed(PaymentMethod.Points, "insufficient-points");
                return PaymentProblems.InsufficientPoints;
            case "already-paid":
                return PaymentProblems.AlreadyPaid;
            default:
                return PaymentProblems.PaymentPending;
        }

        NpgsqlBatchCommand Command() => new NpgsqlBatchCommand(Sql)
            .With(user.Id).With(request.Route).With(request.Key).With(request.Fingerprint)
            .With(id).With(hold.ReservationId).With(hold.Amount).With(now)
            .With(completed.Body).With(PaymentProblems.InsufficientPoints.ToJson())
            .With(paid.Id).With(paid.AggregateType).With(paid.Type).With(paid.Payload).With(paid.TraceParent);
    }
}
