using Contracts;
using Microsoft.Playwright;
using Npgsql;
using static Microsoft.Playwright.Assertions;

namespace Local.Dashboard.Tests.Shell;

/// <summary>Nobody can book while a message is poisoned here, so no test books meanwhile.</summary>
[Collection(Booking.Collection)]
public sealed class MessagingPageTests(RunningDashboard dashboard)
{
    [Fact]
    public async Task A_poisoned_message_shows_its_cause_and_is_replayed_from_the_page()
    {
        var payments = (await dashboard.ResourceAsync(ResourceNames.PaymentDb)).ConnectionString!;
        var reservations = (await dashboard.ResourceAsync(ResourceNames.ReservationDb)).ConnectionString!;
        var key = Guid.CreateVersion7().ToString();
        var page = await dashboard.OpenAsync("/messaging");
        var letter = page.Locator("section", new() { Has = page.Locator("#dead-letters") }).Locator("tbody tr").Filter(new() { HasText = "PaymentFailed" });
        await ExecuteAsync(reservations, "ALTER TABLE reservations RENAME TO reservations_elsewhere");
        try
        {
            // Through the payment service's own outbox, as a payment would tell of itself.
            var poison = new PaymentFailed(Guid.CreateVersion7(), Guid.Parse(key), 1, 1, PaymentMethod.Points, "test");
            await ExecuteAsync(
                payments, "INSERT INTO outbox (id, aggregatetype, aggregateid, type, payload) VALUES ($1, 'payments', $2, 'PaymentFailed', $3)",
                Guid.CreateVersion7(), key, IntegrationEvents.Serialize(poison));
            await Expect(letter).ToContainTextAsync("reservations");
        }
        finally
        {
            await ExecuteAsync(reservations, "ALTER TABLE reservations_elsewhere RENAME TO reservations");
        }
        await Expect(letter).ToContainTextAsync("does not exist");

        await letter.GetByRole(AriaRole.Button, new() { Name = "Replay" }).ClickAsync();

        await Expect(page.Locator(".toast")).ToContainTextAsync("reservation took 1 replayed message");
        await Expect(letter).ToHaveCountAsync(0);
        await Expect(page.Locator("tr[data-key='reservation/payments']")).ToContainTextAsync("consuming");
    }

    private static async Task ExecuteAsync(string connectionString, string sql, params object[] values)
    {
        await using var source = NpgsqlDataSource.Create(connectionString);
        await using var command = source.CreateCommand(sql);
        foreach (var value in values)
            command.Parameters.Add(new() { Value = value });
        await command.ExecuteNonQueryAsync();
    }
}
