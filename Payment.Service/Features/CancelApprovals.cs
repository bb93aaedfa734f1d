using Contracts;
using Messaging;
using Microsoft.Extensions.Options;
using Npgsql;
using PaymentService.Cards;
using PaymentService.Data;
using PaymentService.Gateways;

namespace PaymentService.Features;

/// <summary>Has the gateways give back what is not ours to keep: refunds, and what was asked at a second gateway. Until they have.</summary>
public sealed partial class CancelApprovals(
    NpgsqlDataSource db, CardGateways gateways, IOutbox outbox, PaymentMetrics metrics, TimeProvider time,
    IOptions<ReconcilerOptions> options, ILogger<CancelApprovals> logger) : FollowUp(time, options, logger)
{
    private const string ClaimSql = """
        UPDATE approvals a SET attempts = attempts + 1, next_attempt_at = $2
        FROM (SELECT payment_id, gateway FROM approvals WHERE state = 'cancelling' AND next_attempt_at <= $1
              ORDER BY next_attempt_at LIMIT $3 FOR UPDATE SKIP LOCKED) due, payments p
        WHERE a.payment_id = due.payment_id AND a.gateway = due.gateway AND p.id = a.payment_id
        RETURNING p.id, p.reservation_id, p.user_id, p.amount, p.refund_reason, a.gateway, a.attempts
        """;

    private const string AgainSql = "UPDATE approvals SET next_attempt_at = $3 WHERE payment_id = $1 AND gateway = $2 AND state = 'cancelling'";

    // Only the approval that paid makes a refund; another's cancellation moved no money of ours. $3 now, $4 movement, $5.. the event
    private const string CancelledSql = $"""
        WITH gone AS (
            UPDATE approvals SET state = 'cancelled', next_attempt_at = NULL
            WHERE payment_id = $1 AND gateway = $2 AND state = 'cancelling' RETURNING payment_id, gateway),
        refunded AS (
            UPDATE payments p SET status = 'refunded', settled_at = $3 FROM gone
            WHERE p.id = gone.payment_id AND p.gateway = gone.gateway AND p.status = 'completed' AND p.refund_reason IS NOT NULL
            RETURNING p.id, p.amount, p.gateway),
        entries AS (
            INSERT INTO ledger_entries (account, movement, amount, kind, payment_id, created_at)
            SELECT account, $4, entry.amount, 'refund', id, $3
            FROM refunded, LATERAL (VALUES ('revenue', -refunded.amount), ('external:' || gateway, refunded.amount)) AS entry (account, amount))
        INSERT INTO outbox ({OutboxMessage.Columns}) SELECT $5, $6, $7, $8, $9, $10 FROM refunded
        """;

    private sealed record Due(Guid Payment, Guid Reservation, long User, long Amount, string? RefundReason, string Gateway, int Attempts);

    public override async Task<int> RunOnceAsync(CancellationToken ct)
    {
        var claimed = await ClaimAsync(ct);
        await Parallel.ForEachAsync(
            claimed, new ParallelOptions { MaxDegreeOfParallelism = Options.Parallelism, CancellationToken = ct },
            async (due, stop) => await CancelAsync(due, stop));
        return claimed.Count;
    }

    private async Task CancelAsync(Due due, CancellationToken ct)
    {
        var answer = gateways.Find(due.Gateway) is { } gateway ? await gateway.CancelAsync(due.Payment, ct) : GatewayOutcome.Unknown;
        if (answer.Outcome is GatewayOutcome.Unknown)
        {
            await using var again = db.CreateCommand(AgainSql).With(due.Payment).With(due.Gateway).With(Time.GetUtcNow() + Options.PauseAfter(due.Attempts));
            await again.ExecuteNonQueryAsync(ct);
            return;
        }

        var refunded = OutboxMessage.Create(Topics.Payments, due.Reservation.ToString(), new PaymentRefunded(
            due.Payment, due.Reservation, due.User, due.Amount, PaymentMethod.Card, due.RefundReason ?? ""));
        await using var cancelled = db.CreateCommand(CancelledSql)
            .With(due.Payment).With(due.Gateway).With(Time.GetUtcNow()).With(Guid.CreateVersion7(Time.GetUtcNow())).With(refunded);
        if (await cancelled.ExecuteNonQueryAsync(ct) == 0)
            return;
        outbox.Wake();
        metrics.Refunded(PaymentMethod.Card);
        Refunded(logger, due.Payment, due.Gateway, due.Attempts);
    }

    private async Task<List<Due>> ClaimAsync(CancellationToken ct)
    {
        var now = Time.GetUtcNow();
        await using var command = db.CreateCommand(ClaimSql).With(now).With(now + Options.Lease).With(Options.Batch);
        await using var reader = await command.ExecuteReaderAsync(ct);
        var claimed = new List<Due>();
        while (await reader.ReadAsync(ct))
        {
            claimed.Add(new Due(
                reader.GetGuid(0), reader.GetGuid(1), reader.GetInt64(2), reader.GetInt64(3),
                reader.IsDBNull(4) ? null : reader.GetString(4), reader.GetString(5), reader.GetInt32(6)));
        }
        return claimed;
    }

    [LoggerMessage(LogLevel.Information, "Payment {Payment} is refunded by {Gateway} at attempt {Attempt}")]
    private static partial void Refunded(ILogger logger, Guid payment, string gateway, int attempt);
}
