using Contracts;
using Messaging;
using Npgsql;
using PaymentService.Data;
using ServiceDefaults.Database;

namespace PaymentService.Features;

/// <summary>Debit, ledger, payment, event and answer in one round trip and one transaction: Data/004-pay-together.sql.</summary>
public sealed class PayWithPoints(NpgsqlDataSource db, IOutbox outbox, TimeProvider time, PaymentMetrics metrics)
{
    private const string Sql = """
        SELECT outcome, status, body, same_request
        FROM pay_all_with_points($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)
        """;

    private readonly GroupCommit<Debit, (string Outcome, IResult? First)> _debits = new(db, time, Command, Read);

    public async Task<IResult> HandleAsync(Purchase purchase, CancellationToken ct)
    {
        var ((user, hold, _), now, id) = (purchase, time.GetUtcNow(), Guid.CreateVersion7(time.GetUtcNow()));
        var completed = Answer.Of(PaymentView.OfPoints(id, hold.ReservationId, hold.Amount, now));
        var paid = OutboxMessage.Create(
            Topics.Payments, hold.ReservationId.ToString(), new PaymentCompleted(id, hold.ReservationId, user.Id, hold.Amount, PaymentMethod.Points));

        var (outcome, first) = await _debits.RunAsync(user.Id, new(id, now, purchase, completed.Body, paid), ct);
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
    }

    private static (string, IResult?) Read(NpgsqlDataReader row) => (row.GetString(0), row.GetString(0) is "replay" ? FirstAnswers.Read(row) : null);

    internal static NpgsqlBatchCommand Command(IReadOnlyList<Debit> debits)
    {
        return new NpgsqlBatchCommand(Sql)
            .With(Each(d => d.Purchase.User.Id))
            .With(Each(d => d.Purchase.Request.Route)).With(Each(d => d.Purchase.Request.Key)).With(Each(d => d.Purchase.Request.Fingerprint))
            .With(Each(d => d.PaymentId)).With(Each(d => d.Purchase.Hold.ReservationId)).With(Each(d => d.Purchase.Hold.Amount))
            .With(Each(d => d.At.UtcDateTime)).With(Each(d => d.Completed)).With(PaymentProblems.InsufficientPoints.ToJson())
            .With(Each(d => d.Paid.Id)).With(debits[0].Paid.AggregateType).With(debits[0].Paid.Type)
            .With(Each(d => d.Paid.Payload)).With(Each(d => d.Paid.TraceParent))
            .With(debits.Count > 1);

        T[] Each<T>(Func<Debit, T> value) => [.. debits.Select(value)];
    }

    internal sealed record Debit(Guid PaymentId, DateTimeOffset At, Purchase Purchase, string Completed, OutboxMessage Paid);
}
