using Contracts;
using MassTransit;
using Messaging;
using Npgsql;
using PaymentService.Data;

namespace PaymentService.Features;

/// <summary>
/// The seats of a paid reservation are gone: the money goes back. Points at once; for a card the gateway has to agree, which
/// <see cref="CancelApprovals"/> sees to.
/// </summary>
public sealed class RefundPayment(MessageTransaction db, IOutbox outbox, TimeProvider time, PaymentMetrics metrics) : IConsumer<ReservationRejected>
{
    private const string FindSql = "SELECT user_id, amount, method, status FROM payments WHERE id = $1 AND reservation_id = $2 FOR UPDATE";

    // $3 now, $4 movement, $5.. the event
    private const string RefundPointsSql = $"""
        WITH refunded AS (
            UPDATE payments SET status = 'refunded', refund_reason = $2, settled_at = $3 WHERE id = $1 RETURNING id, user_id, amount),
        wallet AS (UPDATE wallets w SET balance = w.balance + refunded.amount FROM refunded WHERE w.user_id = refunded.user_id),
        entries AS (
            INSERT INTO ledger_entries (account, movement, amount, kind, payment_id, created_at)
            SELECT account, $4, entry.amount, 'refund', id, $3
            FROM refunded, LATERAL (VALUES ('revenue', -refunded.amount), ('wallet:' || user_id, refunded.amount)) AS entry (account, amount))
        INSERT INTO outbox ({OutboxMessage.Columns}) SELECT $5, $6, $7, $8, $9, $10 FROM refunded
        """;

    private const string RefundCardSql = """
        WITH owed AS (UPDATE payments SET refund_reason = $2 WHERE id = $1 AND refund_reason IS NULL RETURNING id)
        UPDATE approvals a SET state = 'cancelling', next_attempt_at = $3 FROM owed WHERE a.payment_id = owed.id AND a.state = 'approved'
        """;

    public async Task Consume(ConsumeContext<ReservationRejected> context)
    {
        var (rejected, ct) = (context.Message, context.CancellationToken);
        var (user, amount, method, status) = await FindAsync(rejected, ct);
        if (status is not PaymentView.Completed)
            return;
        if (method is "card")
        {
            await using var owe = db.Command(RefundCardSql).With(rejected.PaymentId).With(rejected.Reason).With(time.GetUtcNow());
            await owe.ExecuteNonQueryAsync(ct);
            return;
        }

        var refunded = OutboxMessage.Create(Topics.Payments, rejected.ReservationId.ToString(), new PaymentRefunded(
            rejected.PaymentId, rejected.ReservationId, user, amount, PaymentMethod.Points, rejected.Reason));
        await using var refund = db.Command(RefundPointsSql)
            .With(rejected.PaymentId).With(rejected.Reason).With(time.GetUtcNow()).With(Guid.CreateVersion7(time.GetUtcNow())).With(refunded);
        await refund.ExecuteNonQueryAsync(ct);
        db.AfterCommit(outbox.Wake);
        db.AfterCommit(() => metrics.Refunded(PaymentMethod.Points));
    }

    private async Task<(long User, long Amount, string Method, string Status)> FindAsync(ReservationRejected rejected, CancellationToken ct)
    {
        await using var find = db.Command(FindSql).With(rejected.PaymentId).With(rejected.ReservationId);
        await using var reader = await find.ExecuteReaderAsync(ct);
        // Nothing was paid that was not first written down here: an operator has to look at this.
        return await reader.ReadAsync(ct)
            ? (reader.GetInt64(0), reader.GetInt64(1), reader.GetString(2), reader.GetString(3))
            : throw new InvalidOperationException($"Reservation {rejected.ReservationId} was rejected for payment {rejected.PaymentId}, which does not exist.");
    }
}
