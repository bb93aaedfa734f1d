using Contracts;
using Messaging;
using Npgsql;
using PaymentService.Data;
using PaymentService.Features;

namespace PaymentService.Cards;

/// <summary>
/// The steps of a pending card payment, each one statement. All of them are fenced by the payment's step: the request and the
/// reconcilers of all replicas may think they hold it, but only who knows its current step decides. False: somebody else has it now.
/// </summary>
public sealed class CardPayments(NpgsqlDataSource db, IOutbox outbox, TimeProvider time, PaymentMetrics metrics)
{
    private const string Route = Pay.Route;

    private const string Owned = "id = $1 AND step = $2 AND status = 'pending'";

    // $3 from, $4 its state, $5 to, $6 now
    private const string FallOverSql = $"""
        WITH moved AS (UPDATE payments SET step = step + 1 WHERE {Owned} RETURNING id),
        left_behind AS (UPDATE approvals a SET state = $4 FROM moved WHERE a.payment_id = moved.id AND a.gateway = $3)
        INSERT INTO approvals (payment_id, gateway, state, asked_at) SELECT id, $5, 'asked', $6 FROM moved
        """;

    // What else was asked is cancelled: one reservation, one charge. $3 gateway, $4 now, $5 status and $6 body of the answer, $7.. the event
    private const string CompleteSql = $"""
        WITH paid AS (
            UPDATE payments SET status = 'completed', gateway = $3, step = step + 1, settled_at = $4, next_check_at = NULL
            WHERE {Owned} RETURNING id, user_id, amount, idempotency_key),
        asked AS (
            UPDATE approvals a SET
                state = CASE WHEN a.gateway = $3 THEN 'approved' ELSE 'cancelling' END,
                next_attempt_at = CASE WHEN a.gateway = $3 THEN NULL ELSE $4 END
            FROM paid WHERE a.payment_id = paid.id AND a.state IN ('asked', 'approved')),
        entries AS (
            INSERT INTO ledger_entries (account, movement, amount, kind, payment_id, created_at)
            SELECT account, id, entry.amount, 'payment', id, $4
            FROM paid, LATERAL (VALUES ('external:' || $3, -paid.amount), ('revenue', paid.amount)) AS entry (account, amount)),
        answered AS (
            UPDATE idempotency_keys k SET status = $5, body = $6 FROM paid
            WHERE k.user_id = paid.user_id AND k.route = '{Route}' AND k.key = paid.idempotency_key AND k.status IS NULL)
        INSERT INTO outbox ({OutboxMessage.Columns}) SELECT $7, $8, $9, $10, $11, $12 FROM paid
        """;

    // $3 reason, $4 now, $5 status and $6 body of the answer, $7.. the event
    private const string FailSql = $"""
        WITH failed AS (
            UPDATE payments SET status = 'failed', failure = $3, step = step + 1, settled_at = $4, next_check_at = NULL
            WHERE {Owned} RETURNING id, user_id, idempotency_key),
        asked AS (UPDATE approvals a SET state = 'refused' FROM failed WHERE a.payment_id = failed.id AND a.state = 'asked'),
        answered AS (
            UPDATE idempotency_keys k SET status = $5, body = $6 FROM failed
            WHERE k.user_id = failed.user_id AND k.route = '{Route}' AND k.key = failed.idempotency_key AND k.status IS NULL AND $5 IS NOT NULL),
        forgotten AS (
            DELETE FROM idempotency_keys k USING failed
            WHERE k.user_id = failed.user_id AND k.route = '{Route}' AND k.key = failed.idempotency_key AND k.status IS NULL AND $5 IS NULL)
        INSERT INTO outbox ({OutboxMessage.Columns}) SELECT $7, $8, $9, $10, $11, $12 FROM failed
        """;

    // $3 next check, $4 pending until, $5 status and $6 body of the answer, $7.. the event
    private const string ExtendSql = $"""
        WITH waiting AS (
            UPDATE payments SET step = step + 1, next_check_at = $3, pending_until = $4 WHERE {Owned} RETURNING id, user_id, idempotency_key),
        answered AS (
            UPDATE idempotency_keys k SET status = $5, body = $6 FROM waiting
            WHERE k.user_id = waiting.user_id AND k.route = '{Route}' AND k.key = waiting.idempotency_key AND k.status IS NULL)
        INSERT INTO outbox ({OutboxMessage.Columns}) SELECT $7, $8, $9, $10, $11, $12 FROM waiting
        """;

    private const string CheckLaterSql = $"UPDATE payments SET step = step + 1, next_check_at = $3 WHERE {Owned}";

    // A fact, whoever learns it: needs no fence.
    private const string RecordSql = "UPDATE approvals SET state = $3 WHERE payment_id = $1 AND gateway = $2 AND state = 'asked'";

    /// <summary>Goes on to the next gateway, once the last one surely takes no money.</summary>
    public async Task<PendingPayment?> FallOverAsync(PendingPayment payment, string from, string fromState, string to, CancellationToken ct)
    {
        await using var command = db.CreateCommand(FallOverSql).With(payment.Id).With(payment.Step)
            .With(from).With(fromState).With(to).With(time.GetUtcNow());
        return await command.ExecuteNonQueryAsync(ct) == 1 ? payment with { Step = payment.Step + 1 } : null;
    }

    public async Task<bool> CompleteAsync(PendingPayment payment, string gateway, CancellationToken ct)
    {
        var answer = Answer.Of(payment.View(PaymentView.Completed));
        await using var command = db.CreateCommand(CompleteSql).With(payment.Id).With(payment.Step)
            .With(gateway).With(time.GetUtcNow()).With((int?)answer.Status).With(answer.Body).With(EventOf(payment, payment.Completed()));
        if (!await SettleAsync(command, ct))
            return false;
        metrics.Completed(PaymentMethod.Card, payment.Amount);
        return true;
    }

    /// <summary>Only when no gateway has taken, or ever will take, the money. Without an answer, the key may be used again.</summary>
    public async Task<bool> FailAsync(PendingPayment payment, string reason, Answer? answer, CancellationToken ct)
    {
        await using var command = db.CreateCommand(FailSql).With(payment.Id).With(payment.Step)
            .With(reason).With(time.GetUtcNow()).With(answer?.Status).With(answer?.Body).With(EventOf(payment, payment.Failed(reason)));
        if (!await SettleAsync(command, ct))
            return false;
        metrics.Failed(PaymentMethod.Card, reason);
        return true;
    }

    /// <summary>Leaves it to the reconcilers, and has the seats held meanwhile.</summary>
    public async Task<bool> ExtendAsync(PendingPayment payment, DateTimeOffset nextCheck, DateTimeOffset until, CancellationToken ct)
    {
        var answer = Answer.Of(payment.View(PaymentView.Pending));
        await using var command = db.CreateCommand(ExtendSql).With(payment.Id).With(payment.Step)
            .With(nextCheck).With(until).With((int?)answer.Status).With(answer.Body).With(EventOf(payment, payment.Pending(until)));
        return await SettleAsync(command, ct);
    }

    public async Task CheckLaterAsync(PendingPayment payment, DateTimeOffset nextCheck, CancellationToken ct)
    {
        await using var command = db.CreateCommand(CheckLaterSql).With(payment.Id).With(payment.Step).With(nextCheck);
        await command.ExecuteNonQueryAsync(ct);
    }

    public async Task RecordAsync(PendingPayment payment, string gateway, string state, CancellationToken ct)
    {
        await using var command = db.CreateCommand(RecordSql).With(payment.Id).With(gateway).With(state);
        await command.ExecuteNonQueryAsync(ct);
    }

    private static OutboxMessage EventOf<T>(PendingPayment payment, T paymentEvent) where T : class
        => OutboxMessage.Create(Topics.Payments, payment.ReservationId.ToString(), paymentEvent);

    private async Task<bool> SettleAsync(NpgsqlCommand command, CancellationToken ct)
    {
        if (await command.ExecuteNonQueryAsync(ct) == 0)
            return false;
        outbox.Wake();
        return true;
    }
}
