using System.Net;
using FsCheck;
using FsCheck.Fluent;
using PaymentGatewaySimulator;
using PaymentGatewaySimulator.Faults;
using Testing;

namespace PaymentService.Tests;

/// <summary>Random histories of payments before gateways that fail in random ways: whatever happened, the money is where the books say.</summary>
public sealed class GatewayHistoryTests(Infrastructure infrastructure)
{
    private const int HistoryCount = 10;
    private const int StepsPerHistory = 10;
    private const long Amount = 500;

    internal sealed record Step(string Kind, int Which, int Gateway);

    private static readonly FaultSettings[] Faults =
    [
        new(), new(Down: true), new(ErrorRate: 1), new(ErrorRate: 0.5), new(DropAfterApprovalRate: 1), new(HangRate: 0.5), new(LatencyMs: 400),
    ];

    private static readonly Gen<Step> AnyStep =
        from kind in Gen.Elements("pay", "pay", "pay", "decline", "again", "again", "fault", "fault", "heal")
        from which in Gen.Choose(0, 99)
        from gateway in Gen.Choose(0, 1)
        select new Step(kind, which, gateway);

    [Fact]
    public async Task Nobody_is_charged_twice_and_our_books_agree_with_the_gateways_whatever_they_do()
    {
        await using var till = await Till.OpenAsync(infrastructure, replicas: 2, more: new()
        {
            ["PaymentGateway:TotalBudget"] = "00:00:00.600",
            ["PaymentGateway:Primary:AttemptTimeout"] = "00:00:00.200",
            ["PaymentGateway:Primary:BreakDuration"] = "00:00:00.500",
            ["PaymentGateway:Backup:AttemptTimeout"] = "00:00:00.200",
            ["PaymentGateway:Backup:BreakDuration"] = "00:00:00.500",
        });
        foreach (var steps in Histories.Some(AnyStep.ArrayOf(StepsPerHistory), HistoryCount, size: 20))
            await ReplayAsync(till, steps);
    }

    private static async Task ReplayAsync(Till till, Step[] steps)
    {
        var payments = new List<(Guid Reservation, string Card, string Key)>();
        var told = string.Join(", ", steps.Select(s => $"{s.Kind} {s.Which} at {s.Gateway}"));
        foreach (var step in steps)
        {
            switch (step.Kind)
            {
                case "fault":
                    await till.SetFaultsAsync(step.Gateway, Faults[step.Which % Faults.Length]);
                    break;
                case "heal":
                    await till.SetFaultsAsync(step.Gateway, new());
                    break;
                case "again" when payments.Count > 0:
                    // The same request once more, or another attempt at the same reservation.
                    var earlier = payments[step.Which % payments.Count];
                    await PayAsync(till, step.Gateway == 0 ? earlier : earlier with { Card = TestCards.Approved, Key = Guid.CreateVersion7().ToString() }, told);
                    break;
                default:
                    var payment = (Guid.CreateVersion7(), step.Kind == "decline" ? TestCards.Declined : TestCards.Approved, Guid.CreateVersion7().ToString());
                    payments.Add(payment);
                    await PayAsync(till, payment, told);
                    break;
            }
        }
        await till.SetFaultsAsync(0, new());
        await till.SetFaultsAsync(1, new());
        await till.NothingIsOpenAsync();
        await till.BooksAgreeAsync();
        Assert.Equal(0, await till.ScalarAsync<long>(
            "SELECT count(*) FROM (SELECT FROM payments WHERE status = 'completed' GROUP BY reservation_id HAVING count(*) > 1) twice"));
        Assert.Equal(0, await till.ScalarAsync<long>("""
            SELECT count(*) FROM payments p WHERE status IN ('completed', 'failed') AND 1 <> (
                SELECT count(*) FROM outbox o WHERE type IN ('PaymentCompleted', 'PaymentFailed') AND convert_from(payload, 'UTF8')::jsonb ->> 'paymentId' = p.id::text)
            """));
    }

    private static async Task PayAsync(Till till, (Guid Reservation, string Card, string Key) payment, string told)
    {
        using var answer = await till.PayAsync(1, Amount, payment.Reservation, payment.Card, payment.Key);
        Assert.True(
            answer.StatusCode is HttpStatusCode.Created or HttpStatusCode.Accepted or HttpStatusCode.PaymentRequired or HttpStatusCode.Conflict or HttpStatusCode.ServiceUnavailable,
            $"{answer.StatusCode} after {told}");
    }
}
