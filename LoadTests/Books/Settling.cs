using LoadTests.Booking;
using LoadTests.Server;
using Npgsql;

namespace LoadTests.Books;

/// <summary>Waits until what a run has started is finished: books are judged at rest.</summary>
internal static class Settling
{
    private const string AnyUnsent = "SELECT EXISTS (SELECT FROM outbox WHERE sent_at IS NULL AND dead_at IS NULL)";

    public static async Task<bool> WaitAsync(SystemUnderTest system, TimeSpan atMost, CancellationToken cancel)
    {
        using var http = new HttpClient { Timeout = TimeSpan.FromSeconds(5) };
        await using var reservations = NpgsqlDataSource.Create(system.Stores!.ReservationDb);
        await using var payments = NpgsqlDataSource.Create(system.Stores.PaymentDb);
        var started = TimeProvider.System.GetTimestamp();
        var quiet = 0;
        while (TimeProvider.System.GetElapsedTime(started) < atMost)
        {
            // Twice in a row: an event may be between the outbox and the lag that is measured.
            quiet = await IsQuietAsync(system, http, [reservations, payments], cancel) ? quiet + 1 : 0;
            if (quiet == 2) return true;
            await Task.Delay(TimeSpan.FromSeconds(1), TimeProvider.System, cancel);
        }
        return false;
    }

    private static async Task<bool> IsQuietAsync(SystemUnderTest system, HttpClient http, NpgsqlDataSource[] outboxes, CancellationToken cancel)
    {
        foreach (var db in outboxes)
        {
            await using var command = db.CreateCommand(AnyUnsent);
            if ((bool)(await command.ExecuteScalarAsync(cancel))!) return false;
        }
        foreach (var (_, address) in system.Services)
        {
            if (MetricsPage.Parse(await http.GetStringAsync(new Uri(address, "metrics"), cancel)).Sum("consumer_lag") > 0) return false;
        }
        return true;
    }
}
