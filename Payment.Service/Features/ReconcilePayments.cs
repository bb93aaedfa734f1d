using Microsoft.Extensions.Options;
using Npgsql;
using PaymentService.Cards;
using PaymentService.Data;
using PaymentService.Gateways;

namespace PaymentService.Features;

/// <summary>
/// Settles pending card payments by asking the gateways what became of them, until they tell. It has no card, so it never asks for
/// money: a payment ends completed, or void and failed, and its user may pay again while the hold lasts.
/// </summary>
public sealed partial class ReconcilePayments(
    NpgsqlDataSource db, CardGateways gateways, CardPayments payments, PaymentMetrics metrics, TimeProvider time,
    IOptions<ReconcilerOptions> options, ILogger<ReconcilePayments> logger) : FollowUp(time, options, logger)
{
    // The step moves on with the claim: the request that began the payment, and an earlier claimer, decide no more.
    private const string ClaimSql = """
        UPDATE payments SET step = step + 1, checks = checks + 1, next_check_at = $2
        WHERE id IN (SELECT id FROM payments WHERE status = 'pending' AND next_check_at <= $1 ORDER BY next_check_at LIMIT $3 FOR UPDATE SKIP LOCKED)
        RETURNING id, reservation_id, user_id, amount, card_last_four, created_at, step, checks, pending_until
        """;

    // After the claim, not with it: within one statement a gateway asked the moment before could be missed.
    private const string AskedSql = "SELECT gateway, asked_at FROM approvals WHERE payment_id = $1 AND state = 'asked'";

    private const string UnresolvedSql = "SELECT count(*), min(created_at) FROM payments WHERE status = 'pending'";

    public override async Task<int> RunOnceAsync(CancellationToken ct)
    {
        var claimed = await ClaimAsync(ct);
        await Parallel.ForEachAsync(
            claimed, new ParallelOptions { MaxDegreeOfParallelism = Options.Parallelism, CancellationToken = ct },
            async (payment, stop) => await ReconcileAsync(payment, stop));
        await MeasureAsync(ct);
        return claimed.Count;
    }

    private async Task ReconcileAsync(PendingPayment payment, CancellationToken ct)
    {
        var (doubt, declined) = (false, default(string));
        foreach (var (name, askedAt) in await ReadAskedAsync(payment, ct))
        {
            var answer = gateways.Find(name) is { } gateway ? await SettleAsync(gateway, payment, askedAt, ct) : GatewayOutcome.Unknown;
            switch (answer.Outcome)
            {
                case GatewayOutcome.Approved:
                    if (await payments.CompleteAsync(payment, name, ct))
                        Settled(logger, payment.Id, PaymentView.Completed, payment.Checks);
                    return;
                case GatewayOutcome.Declined:
                    declined = answer.DeclineReason ?? "declined";
                    await payments.RecordAsync(payment, name, "refused", ct);
                    break;
                case GatewayOutcome.Cancelled:
                    await payments.RecordAsync(payment, name, "cancelled", ct);
                    break;
                default:
                    doubt = true;
                    break;
            }
        }
        if (doubt)
            await WaitAsync(payment, ct);
        else if (await payments.FailAsync(payment, declined ?? "gateways-unavailable", AnswerTo(declined), ct))
            Settled(logger, payment.Id, PaymentView.Failed, payment.Checks);
    }

    private async Task<GatewayAnswer> SettleAsync(Gateway gateway, PendingPayment payment, DateTimeOffset askedAt, CancellationToken ct)
    {
        var found = await gateway.FindAsync(payment.Id, ct);
        return found.Outcome is GatewayOutcome.NotFound && Time.GetUtcNow() - askedAt >= Options.VoidAfter
            ? await gateway.CancelAsync(payment.Id, ct)
            : found;
    }

    private async Task WaitAsync(PendingPayment payment, CancellationToken ct)
    {
        var now = Time.GetUtcNow();
        var nextCheck = now + Options.PauseAfter(payment.Checks);
        var holdEndsSoon = payment.PendingUntil is not { } until || until - now < Options.HoldExtension / 2;
        if (holdEndsSoon && now - payment.CreatedAt < Options.LongestHold)
            await payments.ExtendAsync(payment, nextCheck, now + Options.HoldExtension, ct);
        else
            await payments.CheckLaterAsync(payment, nextCheck, ct);
    }

    // Only where the request itself never answered: its caller's key is free again unless the card was declined.
    private static Answer? AnswerTo(string? declined)
        => declined is null ? null : new Answer(StatusCodes.Status402PaymentRequired, PaymentProblems.CardDeclined(declined).ToJson());

    private async Task<List<PendingPayment>> ClaimAsync(CancellationToken ct)
    {
        var now = Time.GetUtcNow();
        await using var command = db.CreateCommand(ClaimSql).With(now).With(now + Options.Lease).With(Options.Batch);
        await using var reader = await command.ExecuteReaderAsync(ct);
        var claimed = new List<PendingPayment>();
        while (await reader.ReadAsync(ct))
        {
            claimed.Add(new PendingPayment(
                reader.GetGuid(0), reader.GetGuid(1), reader.GetInt64(2), reader.GetInt64(3), reader.GetString(4),
                reader.GetFieldValue<DateTimeOffset>(5), reader.GetInt32(6), reader.GetInt32(7),
                reader.IsDBNull(8) ? null : reader.GetFieldValue<DateTimeOffset>(8)));
        }
        return claimed;
    }

    private async Task<List<(string Gateway, DateTimeOffset AskedAt)>> ReadAskedAsync(PendingPayment payment, CancellationToken ct)
    {
        await using var command = db.CreateCommand(AskedSql).With(payment.Id);
        await using var reader = await command.ExecuteReaderAsync(ct);
        var asked = new List<(string, DateTimeOffset)>();
        while (await reader.ReadAsync(ct))
            asked.Add((reader.GetString(0), reader.GetFieldValue<DateTimeOffset>(1)));
        return asked;
    }

    private async Task MeasureAsync(CancellationToken ct)
    {
        await using var command = db.CreateCommand(UnresolvedSql);
        await using var reader = await command.ExecuteReaderAsync(ct);
        await reader.ReadAsync(ct);
        metrics.Unresolved(reader.GetInt64(0), reader.IsDBNull(1) ? TimeSpan.Zero : Time.GetUtcNow() - reader.GetFieldValue<DateTimeOffset>(1));
    }

    [LoggerMessage(LogLevel.Information, "Pending payment {Payment} is {Status} after {Checks} checks")]
    private static partial void Settled(ILogger logger, Guid payment, string status, int checks);
}
