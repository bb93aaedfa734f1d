using System.Net.Http.Json;
using System.Reflection;
using LoadTests.Booking;
using LoadTests.Books;
using LoadTests.Results;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Npgsql;
using StackExchange.Redis;
using Testing;
using GatewayHost = Testing.ServiceHost<PaymentGatewaySimulator.Books.Ledger>;

namespace LoadTests.Tests;

/// <summary>
/// Books in real stores with the services' own schemas, and in order: reservation 1 is paid with points, 2 by card, 3 is held.
/// A test plants what is wrong.
/// </summary>
internal sealed class PlantedBooks : IAsyncDisposable
{
    // Ids that a test can write down: r(1) is the first reservation, p(1) its payment.
    private const string Ids = """
        CREATE FUNCTION r(n bigint) RETURNS uuid LANGUAGE sql AS $$ SELECT ('00000000-0000-0000-0001-' || lpad(n::text, 12, '0'))::uuid $$;
        CREATE FUNCTION p(n bigint) RETURNS uuid LANGUAGE sql AS $$ SELECT ('00000000-0000-0000-0002-' || lpad(n::text, 12, '0'))::uuid $$;
        """;

    private const string SeatMap = "INSERT INTO seat_claims (schedule_id, seat_id, reservation_id, state) SELECT 1, n, r(n), CASE n WHEN 3 THEN 1 ELSE 3 END FROM generate_series(1, 3) n";

    private const string Reservation = """
        INSERT INTO reservations (id, user_id, concert_id, schedule_id, seat_ids, ticket, amount, status, held_until, payment_id, created_at)
        SELECT r(n), n, {concert}, 1, ARRAY[n], 100 + n, 50, CASE n WHEN 3 THEN 'held' ELSE 'confirmed' END, now(), CASE n WHEN 3 THEN NULL ELSE p(n) END, now()
        FROM generate_series(1, 3) n;
        INSERT INTO claims (schedule_id, seat_id, reservation_id) SELECT 1, n, r(n) FROM generate_series(1, 3) n
        """;

    private const string Payment = """
        INSERT INTO wallets (user_id, balance) VALUES (1, 950), (2, 1000);
        INSERT INTO ledger_entries (account, movement, amount, kind, payment_id, created_at) VALUES
            ('external:opening', r(1), -1000, 'opening', NULL, now()), ('wallet:1', r(1), 1000, 'opening', NULL, now()),
            ('external:opening', r(2), -1000, 'opening', NULL, now()), ('wallet:2', r(2), 1000, 'opening', NULL, now()),
            ('wallet:1', p(1), -50, 'payment', p(1), now()), ('revenue', p(1), 50, 'payment', p(1), now());
        INSERT INTO payments (id, reservation_id, user_id, amount, method, status, created_at, settled_at, gateway)
        VALUES (p(1), r(1), 1, 50, 'points', 'completed', now(), now(), NULL), (p(2), r(2), 2, 50, 'card', 'completed', now(), now(), 'gateway-primary')
        """;

    private static long concerts;

    private readonly GatewayHost[] gateways = [new([]), new([])];
    private readonly Stores stores;
    private readonly WebApplication service;

    private PlantedBooks(long concert, Stores stores)
    {
        (Concert, this.stores) = (concert, stores);
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        service = builder.Build();
        service.Urls.Add("http://127.0.0.1:0");
        service.MapGet("/metrics", () => TypedResults.Text($"dead_letters{{topic=\"payments\"}} {DeadLetters}\n"));
    }

    public int DeadLetters { get; set; }

    /// <summary>Each test has a line of its own in Redis.</summary>
    public long Concert { get; }

    public static async Task<PlantedBooks> OpenAsync(Infrastructure infrastructure)
    {
        var postgres = await infrastructure.PostgresAsync();
        var redis = await infrastructure.RedisAsync();
        var concert = Interlocked.Increment(ref concerts);
        var books = new PlantedBooks(concert, new Stores(
            await CreateAsync(await postgres.CreateDatabaseAsync(), "Concert.Service", SeatMap),
            await CreateAsync(await postgres.CreateDatabaseAsync(), "Reservation.Service", Reservation.Replace("{concert}", $"{concert}", StringComparison.Ordinal)),
            await CreateAsync(await postgres.CreateDatabaseAsync(), "Payment.Service", Payment),
            redis.ConnectionString));
        await books.service.StartAsync();
        await books.ChargeCardAsync(gateway: 0, "00000000-0000-0000-0002-000000000002:gateway-primary");
        return books;
    }

    public Task InConcertAsync(string sql) => RunAsync(stores.ConcertDb, sql);

    public Task InReservationAsync(string sql) => RunAsync(stores.ReservationDb, sql);

    public Task InPaymentAsync(string sql) => RunAsync(stores.PaymentDb, sql);

    public async Task ChargeCardAsync(int gateway, string key)
    {
        using var client = gateways[gateway].NewClient();
        using var request = new HttpRequestMessage(HttpMethod.Post, "approvals");
        request.Headers.Add("Idempotency-Key", key);
        request.Content = JsonContent.Create(new { amount = 50, currency = "KRW", orderId = key, card = new { number = "4242424242424242", expiry = "12/39" } });
        using var answer = await client.SendAsync(request);
        answer.EnsureSuccessStatusCode();
    }

    public async Task KeepPlaceAsync(long ticket)
    {
        using var redis = await ConnectionMultiplexer.ConnectAsync(stores.Redis!);
        await redis.GetDatabase().SortedSetAddAsync($"{{line:{Concert}}}:active", ticket, score: 0);
    }

    public async Task<BooksResult> CheckAsync()
    {
        var address = new Uri(service.Urls.First());
        await using var check = new BooksCheck(new SystemUnderTest(address, address, address, address) { Stores = stores, Gateways = [.. gateways.Select(g => g.Address)] });
        return await check.RunAsync(CancellationToken.None);
    }

    public async ValueTask DisposeAsync()
    {
        await service.DisposeAsync();
        foreach (var gateway in gateways) await gateway.DisposeAsync();
    }

    private static async Task<string> CreateAsync(string database, string service, string content)
    {
        string[] schemas = service == "Concert.Service" ? ["Messaging", service] : ["ServiceDefaults", "Messaging", service];
        foreach (var assembly in schemas.Select(Assembly.Load))
        {
            foreach (var file in assembly.GetManifestResourceNames().Where(name => name.EndsWith(".sql", StringComparison.Ordinal)).Order(StringComparer.Ordinal))
            {
                using var text = new StreamReader(assembly.GetManifestResourceStream(file)!);
                await RunAsync(database, await text.ReadToEndAsync());
            }
        }
        await RunAsync(database, Ids);
        await RunAsync(database, content);
        return database;
    }

    private static async Task RunAsync(string database, string sql)
    {
        await using var connection = new NpgsqlConnection(database);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }
}
