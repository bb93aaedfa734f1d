using System.Net;
using System.Text;
using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using ReservationService.Features;
using Testing;

namespace ReservationService.Tests;

public sealed class HistoryTests(Infrastructure infrastructure)
{
    private const int HistoryCount = 200;
    private const int StepsPerHistory = 14;
    private const int Seats = 4;
    private const int Tickets = 3;

    internal sealed record Step(string Kind, int Which, int[] Seats, int Ticket, bool Again);

    private static readonly Gen<Step> AnyStep =
        from kind in Gen.Elements("hold", "hold", "hold", "cancel", "overdue", "sweep", "pending", "failed", "completed", "completed")
        from which in Gen.Choose(0, 9)
        from seats in Gen.SubListOf(Enumerable.Range(1, Seats))
        from ticket in Gen.Choose(1, Tickets)
        from again in Gen.Elements(true, false, false)
        select new Step(kind, which, [.. seats], ticket, again);

    [Fact]
    public async Task Random_histories_end_as_the_model_says_with_no_seat_owned_twice_and_no_payment_lost()
    {
        await using var sale = await Sale.OpenAsync(infrastructure, redis: "127.0.0.1:1,password=none,connectTimeout=100", more: new() { ["Holds:SweepEvery"] = "01:00:00" });
        var sweeper = sale.Replica().Services.GetServices<IHostedService>().OfType<ExpireHolds>().Single();
        var histories = Histories.Some(AnyStep.ArrayOf(StepsPerHistory), HistoryCount, size: 20);

        // Each history has a schedule and tickets of its own, so that they can share the database; one after the other for the sweeper's sake.
        for (var h = 0; h < histories.Length; h++) await ReplayAsync(sale, sweeper, history: h, histories[h]);
    }

    private static async Task ReplayAsync(Sale sale, ExpireHolds sweeper, int history, Step[] steps)
    {
        var model = new SaleModel();
        var schedule = history % 99 + 1;
        // Two histories on one schedule use other seats of it.
        long SeatOf(int n) => LayoutServer.Seat(schedule, history / 99 * Seats + n);
        var payments = new Dictionary<SaleModel.Entry, Guid>();
        var told = new StringBuilder();

        foreach (var step in steps)
        {
            told.AppendLine($"{step.Kind} #{step.Which} seats {string.Join(',', step.Seats)} ticket {step.Ticket}");
            var entry = model.Reservations.Count == 0 ? null : model.Reservations[step.Which % model.Reservations.Count];
            if (step.Kind == "hold") await HoldAsync(sale, model, schedule, [.. step.Seats.Select(SeatOf)], history * Tickets + step.Ticket, told.ToString());
            else if (step.Kind == "sweep")
            {
                model.Sweep();
                await sweeper.SweepAsync(CancellationToken.None);
            }
            else if (entry is not null) await ApplyAsync(sale, model, entry, step, payments);
            foreach (var r in model.Reservations) Assert.True(r.Status == await sale.StatusAsync(r.Id), $"history {history}: {r.Status} expected, is {await sale.StatusAsync(r.Id)} after\n{told}");
        }
        await CheckAsync(sale, model, schedule, told.ToString());
    }

    private static async Task HoldAsync(Sale sale, SaleModel model, long schedule, long[] seats, int ticket, string told)
    {
        if (seats.Length == 0) return;
        var can = model.CanHold(seats, ticket);
        // A user of its own for each hold: the seat limit is another test's.
        using var answer = await sale.HoldAsync(Sale.NextTicket(), schedule, seats, 1_000_000 + ticket);
        Assert.True(can == (answer.StatusCode == HttpStatusCode.Created), $"{answer.StatusCode} for a hold that {(can ? "should" : "should not")} succeed after\n{told}");
        if (!can) return;
        var body = JsonSerializer.Deserialize<ReservationBody>(await answer.Content.ReadAsStringAsync(), JsonSerializerOptions.Web)!;
        model.Hold(body.Id, seats, ticket);
    }

    private static async Task ApplyAsync(Sale sale, SaleModel model, SaleModel.Entry entry, Step step, Dictionary<SaleModel.Entry, Guid> payments)
    {
        if (!step.Again || !payments.TryGetValue(entry, out var payment)) payments[entry] = payment = Guid.CreateVersion7();
        switch (step.Kind)
        {
            case "cancel":
                model.Cancel(entry);
                var user = (long)(await sale.ScalarAsync("SELECT user_id FROM reservations WHERE id = $1", entry.Id))!;
                (await sale.SendAsync(HttpMethod.Delete, $"api/v1/reservations/{entry.Id}", user)).Dispose();
                break;
            case "overdue":
                entry.Overdue = entry.IsOpen;
                await sale.ScalarAsync("UPDATE reservations SET held_until = now() - interval '1 hour' WHERE id = $1 AND status IN ('held', 'paying')", entry.Id);
                break;
            case "pending":
                model.Pending(entry, payment);
                await sale.ScalarAsync("SELECT extend_hold($1, $2, $3, $4, NULL)", entry.Id, payment, TimeProvider.System.GetUtcNow().AddMinutes(10).UtcDateTime, Guid.CreateVersion7());
                break;
            case "failed":
                model.Failed(entry, payment);
                await sale.ScalarAsync("UPDATE reservations SET status = 'held' WHERE id = $1 AND payment_id = $2 AND status = 'paying'", entry.Id, payment);
                break;
            case "completed":
                model.Completed(entry, payment);
                await sale.ScalarAsync("SELECT confirm_reservation($1, $2, $3, NULL)", entry.Id, payment, Guid.CreateVersion7());
                break;
        }
    }

    private static async Task CheckAsync(Sale sale, SaleModel model, long schedule, string told)
    {
        foreach (var r in model.Reservations)
        {
            var owned = (long)(await sale.ScalarAsync("SELECT count(*) FROM claims WHERE reservation_id = $1 AND schedule_id = $2", r.Id, schedule))!;
            Assert.True(owned == (r.IsOpen || r.Status == "confirmed" ? r.Seats.Length : 0), $"{r.Status} reservation owns {owned} seats after\n{told}");
        }
        foreach (var (payment, answer) in model.Payments)
        {
            var events = await sale.ScalarAsync("SELECT string_agg(DISTINCT type, ',') FROM outbox WHERE convert_from(payload, 'UTF8')::jsonb ->> 'paymentId' = $1", payment.ToString());
            Assert.True(answer == (string?)events, $"{answer} expected for payment {payment}, was {events} after\n{told}");
        }
    }
}
