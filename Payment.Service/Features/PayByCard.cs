using System.Diagnostics;
using Microsoft.Extensions.Options;
using Npgsql;
using PaymentService.Cards;
using PaymentService.Data;
using PaymentService.Domain;
using PaymentService.Gateways;
using ServiceDefaults.Authentication;

namespace PaymentService.Features;

/// <summary>
/// Asks one gateway after the other. To the next only when the last one surely takes no money; a doubt that cannot be settled
/// within the budget is answered with 202 and left to <see cref="ReconcilePayments"/>.
/// </summary>
public sealed class PayByCard(
    NpgsqlDataSource db, CardGateways gateways, CardPayments payments, FindPayment find, TimeProvider time, PaymentMetrics metrics,
    IOptions<PaymentGatewayOptions> options, IOptions<ReconcilerOptions> reconciler)
{
    private const string BeginSql = "SELECT outcome, status, body, same_request FROM begin_card_payment($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)";

    private static readonly ActivitySource Source = new(PaymentMetrics.MeterName);

    /// <summary>Takes no cancellation: a payment once begun is not given up because the caller has hung up. Every step is bounded.</summary>
    public async Task<IResult> HandleAsync(Purchase purchase, Card card)
    {
        var now = time.GetUtcNow();
        var payment = new PendingPayment(
            Guid.CreateVersion7(now), purchase.Hold.ReservationId, purchase.User.Id, purchase.Hold.Amount, card.LastFour, now, Step: 0);
        if (await BeginAsync(payment, purchase) is { } refusal)
            return refusal;

        using var span = Source.StartActivity("pay by card")?.SetTag("payment.id", payment.Id);
        using var budget = new CancellationTokenSource(options.Value.TotalBudget, time);
        for (var i = 0; ; i++)
        {
            var gateway = gateways.InOrder[i];
            var answer = await gateway.ApproveAsync(payment.Id, payment.ReservationId, payment.Amount, card, budget.Token);
            if (answer.Outcome is GatewayOutcome.Unknown)
                answer = await ClarifyAsync(gateway, payment, budget.Token);
            span?.SetTag($"payment.{gateway.Name}", PaymentMetrics.TagOf(answer.Outcome));

            switch (answer.Outcome)
            {
                case GatewayOutcome.Approved:
                    return await CompleteAsync(payment, gateway, purchase.User);
                case GatewayOutcome.Declined:
                    return await DeclineAsync(payment, answer.DeclineReason ?? "declined", purchase.User);
                case GatewayOutcome.Cancelled or GatewayOutcome.NotTaken when i + 1 < gateways.InOrder.Count && !budget.IsCancellationRequested:
                    var state = answer.Outcome is GatewayOutcome.Cancelled ? "cancelled" : "refused";
                    if (await payments.FallOverAsync(payment, gateway.Name, state, gateways.InOrder[i + 1].Name, CancellationToken.None) is not { } moved)
                        return await AnswerAsItStandsAsync(payment, purchase.User);
                    payment = moved;
                    break;
                case GatewayOutcome.Cancelled or GatewayOutcome.NotTaken:
                    return await payments.FailAsync(payment, "gateways-unavailable", answer: null, CancellationToken.None)
                        ? PaymentProblems.GatewaysUnavailable
                        : await AnswerAsItStandsAsync(payment, purchase.User);
                default:
                    return await LeavePendingAsync(payment, purchase.User);
            }
        }
    }

    private async Task<IResult?> BeginAsync(PendingPayment payment, Purchase purchase)
    {
        var request = purchase.Request;
        await using var command = db.CreateCommand(BeginSql)
            .With(payment.UserId).With(request.Route).With(request.Key).With(request.Fingerprint)
            .With(payment.Id).With(payment.ReservationId).With(payment.Amount).With(payment.CardLastFour).With(gateways.InOrder[0].Name)
            .With(payment.CreatedAt).With(payment.CreatedAt + reconciler.Value.FirstCheckAfter);
        await using var reader = await command.ExecuteReaderAsync(CancellationToken.None);
        await reader.ReadAsync(CancellationToken.None);
        return reader.GetString(0) switch
        {
            "begun" => null,
            "replay" => FirstAnswers.Read(reader),
            "already-paid" => PaymentProblems.AlreadyPaid,
            _ => PaymentProblems.PaymentPending,
        };
    }

    // Asks what became of it; a key that the gateway does not know yet is cancelled, so that nothing comes of it later.
    private static async Task<GatewayAnswer> ClarifyAsync(Gateway gateway, PendingPayment payment, CancellationToken budget)
    {
        var found = await gateway.FindAsync(payment.Id, budget);
        return found.Outcome switch
        {
            GatewayOutcome.NotFound => await gateway.CancelAsync(payment.Id, budget),
            GatewayOutcome.NotTaken => GatewayOutcome.Unknown,
            _ => found,
        };
    }

    private async Task<IResult> CompleteAsync(PendingPayment payment, Gateway gateway, SignedInUser user)
        => await payments.CompleteAsync(payment, gateway.Name, CancellationToken.None)
            ? Answer.Of(payment.View(PaymentView.Completed)).ToResult(payment.Id)
            : await AnswerAsItStandsAsync(payment, user);

    private async Task<IResult> DeclineAsync(PendingPayment payment, string reason, SignedInUser user)
    {
        var declined = PaymentProblems.CardDeclined(reason);
        return await payments.FailAsync(payment, reason, new Answer(declined.Status, declined.ToJson()), CancellationToken.None)
            ? declined
            : await AnswerAsItStandsAsync(payment, user);
    }

    private async Task<IResult> LeavePendingAsync(PendingPayment payment, SignedInUser user)
    {
        var now = time.GetUtcNow();
        if (!await payments.ExtendAsync(payment, now + reconciler.Value.Interval, now + reconciler.Value.HoldExtension, CancellationToken.None))
            return await AnswerAsItStandsAsync(payment, user);
        metrics.LeftPending();
        return Answer.Of(payment.View(PaymentView.Pending)).ToResult(payment.Id);
    }

    // A reconciler took it over while this request was stopped for long: what it knows is the truth.
    private async Task<IResult> AnswerAsItStandsAsync(PendingPayment payment, SignedInUser user)
        => await find.FindAsync(payment.Id, user.Id, CancellationToken.None) switch
        {
            { Status: PaymentView.Pending or PaymentView.Completed } view => Answer.Of(view).ToResult(payment.Id),
            _ => PaymentProblems.GatewaysUnavailable,
        };
}
