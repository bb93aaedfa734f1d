using LoadTests.Booking;
using LoadTests.Results;
using LoadTests.Server;
using Npgsql;

namespace LoadTests.Books;

/// <summary>
/// Looks into all books at once: whatever happened during a run, seats and money must agree.
/// It reads; it never changes anything.
/// </summary>
internal sealed class BooksCheck(SystemUnderTest system) : IAsyncDisposable
{
    private readonly Book concerts = new(system.Stores!.ConcertDb);
    private readonly Book reservations = new(system.Stores.ReservationDb);
    private readonly Book payments = new(system.Stores.PaymentDb);
    private readonly Findings findings = new();

    public async Task<BooksResult> RunAsync(CancellationToken cancel)
    {
        await SeatsAsync(cancel);
        await WalletsAsync(cancel);
        await PaymentsAsync(cancel);
        await GatewaysAsync(cancel);
        await SeatMapsAsync(cancel);
        await OutboxesAsync(cancel);
        await DeadLettersAsync(cancel);
        await LinesAsync(cancel);
        return new BooksResult(findings.ToArray(), ["seats", "wallets", "payments", "gateways", "seat maps", "outboxes", "dead letters", "lines"]);
    }

    public async ValueTask DisposeAsync()
    {
        await concerts.DisposeAsync();
        await reservations.DisposeAsync();
        await payments.DisposeAsync();
    }

    private async Task SeatsAsync(CancellationToken cancel)
    {
        findings.Add("a seat has two owners: schedule/seat", await reservations.TextsAsync("""
            SELECT schedule_id || '/' || seat FROM reservations, unnest(seat_ids) seat
            WHERE status IN ('held', 'paying', 'confirmed') GROUP BY schedule_id, seat HAVING count(*) > 1
            """, cancel));
        findings.Add("a reservation does not own its seats", await reservations.TextsAsync("""
            SELECT r.id::text FROM reservations r WHERE r.status IN ('held', 'paying', 'confirmed') AND cardinality(r.seat_ids) <>
                (SELECT count(*) FROM claims c WHERE c.schedule_id = r.schedule_id AND c.seat_id = ANY (r.seat_ids) AND c.reservation_id = r.id)
            """, cancel));
        findings.Add("a seat is claimed by a reservation that is over or not there: schedule/seat", await reservations.TextsAsync("""
            SELECT c.schedule_id || '/' || c.seat_id FROM claims c LEFT JOIN reservations r ON r.id = c.reservation_id WHERE r.id IS NULL OR r.status IN ('cancelled', 'expired')
            """, cancel));
    }

    private async Task WalletsAsync(CancellationToken cancel)
    {
        findings.Add("a wallet does not agree with its ledger: user", await payments.TextsAsync("""
            SELECT w.user_id::text FROM wallets w
            LEFT JOIN (SELECT account, sum(amount) AS total FROM ledger_entries GROUP BY account) l ON l.account = 'wallet:' || w.user_id
            WHERE w.balance <> coalesce(l.total, 0)
            """, cancel));
        findings.Add("a movement does not sum to zero", await payments.TextsAsync(
            "SELECT movement::text FROM ledger_entries GROUP BY movement, kind HAVING sum(amount) <> 0", cancel));
    }

    private async Task PaymentsAsync(CancellationToken cancel)
    {
        var paid = await payments.PairsAsync("SELECT id, reservation_id FROM payments WHERE status = 'completed'", cancel);
        var confirmed = await reservations.PairsAsync("SELECT payment_id, id FROM reservations WHERE status = 'confirmed'", cancel);
        findings.Add("paid, and neither confirmed nor refunded: payment and reservation", paid.Except(confirmed).Select(p => $"{p.Item1} {p.Item2}"));
        findings.Add("confirmed, and not paid: payment and reservation", confirmed.Except(paid).Select(p => $"{p.Item1} {p.Item2}"));
        findings.Add("a payment is still pending", await payments.TextsAsync("SELECT id::text FROM payments WHERE status = 'pending'", cancel));
        findings.Add("a reservation is still being paid", await reservations.TextsAsync("SELECT id::text FROM reservations WHERE status = 'paying'", cancel));
    }

    private async Task GatewaysAsync(CancellationToken cancel)
    {
        if (system.Gateways.Count == 0) return;
        var charged = new List<Guid>();
        foreach (var gateway in system.Gateways)
        {
            var entries = await GatewayBooks.ReadAsync(gateway, cancel);
            findings.Add("a gateway took the money twice under one key:", entries.Where(e => e.Approvals > 1).Select(e => e.Key));
            charged.AddRange(entries.Where(e => e.Status == "approved").Select(e => GatewayBooks.PaymentOf(e.Key)));
        }
        var completed = (await payments.PairsAsync("SELECT id, reservation_id FROM payments WHERE status = 'completed' AND method = 'card'", cancel)).Select(p => p.Item1).ToHashSet();
        findings.Add("a card is charged that no completed payment stands for: payment", charged.Except(completed).Select(p => p.ToString()));
        findings.Add("a payment is completed that no gateway has approved: payment", completed.Except(charged).Select(p => p.ToString()));
        findings.Add("a card is charged by both gateways: payment", charged.GroupBy(p => p).Where(g => g.Count() > 1).Select(g => g.Key.ToString()));
    }

    private async Task SeatMapsAsync(CancellationToken cancel)
    {
        var shown = await concerts.NumbersAsync("SELECT schedule_id, seat_id FROM seat_claims WHERE state = 3", cancel);
        var sold = await reservations.NumbersAsync("SELECT schedule_id, seat FROM reservations, unnest(seat_ids) seat WHERE status = 'confirmed'", cancel);
        findings.Add("a sold seat does not show as sold: schedule/seat", sold.Except(shown).Select(s => $"{s.Item1}/{s.Item2}"));
        findings.Add("a seat shows as sold that nobody bought: schedule/seat", shown.Except(sold).Select(s => $"{s.Item1}/{s.Item2}"));
    }

    private async Task OutboxesAsync(CancellationToken cancel)
    {
        foreach (var (name, book) in new[] { ("reservation", reservations), ("payment", payments) })
        {
            findings.Add($"an event waits in the outbox of {name}:", await book.TextsAsync("SELECT id::text FROM outbox WHERE sent_at IS NULL AND dead_at IS NULL", cancel));
            findings.Add($"an event in the outbox of {name} was refused for good:", await book.TextsAsync("SELECT id::text FROM outbox WHERE dead_at IS NOT NULL", cancel));
        }
    }

    private async Task DeadLettersAsync(CancellationToken cancel)
    {
        using var http = new HttpClient { Timeout = TimeSpan.FromSeconds(10) };
        foreach (var (name, address) in system.Services)
        {
            var letters = MetricsPage.Parse(await http.GetStringAsync(new Uri(address, "metrics"), cancel)).Sum("dead_letters");
            if (letters > 0) findings.Add($"dead letters of {name}:", [$"{letters}"]);
        }
    }

    private async Task LinesAsync(CancellationToken cancel)
    {
        if (system.Stores!.Redis is not { } redis) return;
        var booked = await reservations.NumbersAsync("SELECT concert_id, ticket FROM reservations WHERE status = 'confirmed'", cancel);
        var kept = await Lines.PlacesAsync(redis, booked.Select(b => b.Item1).Distinct());
        findings.Add("a place in line is kept by somebody who has booked: concert/ticket", kept.Intersect(booked).Select(p => $"{p.Item1}/{p.Item2}"));
    }
}
