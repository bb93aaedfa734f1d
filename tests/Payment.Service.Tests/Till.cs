using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using PaymentGatewaySimulator.Books;
using PaymentGatewaySimulator.Faults;
using Testing;
using PaymentHost = Testing.ServiceHost<PaymentService.PaymentMetrics>;
using GatewayHost = Testing.ServiceHost<PaymentGatewaySimulator.Books.Ledger>;

namespace PaymentService.Tests;

/// <summary>Payment.Service on a database of its own, before two gateways that are servers of their own.</summary>
public sealed class Till : IAsyncDisposable
{
    public const string GoodCard = "4242424242424242";
    private const string NoBroker = "127.0.0.1:1";
    private readonly GatewayHost[] _gateways;
    private readonly PaymentHost[] _replicas;
    private readonly HttpClient[] _clients;
    private readonly HttpClient[] _gatewayClients;
    private int _turn;

    private Till(NpgsqlDataSource db, GatewayHost[] gateways, PaymentHost[] replicas)
    {
        (Db, _gateways, _replicas) = (db, gateways, replicas);
        _clients = [.. replicas.Select(r => r.NewClient())];
        _gatewayClients = [.. gateways.Select(g => g.NewClient())];
    }

    public NpgsqlDataSource Db { get; }

    public static async Task<Till> OpenAsync(
        Infrastructure infrastructure, int replicas = 1, string? kafka = null, TimeProvider? time = null, Dictionary<string, string?>? more = null)
    {
        var database = await (await infrastructure.PostgresAsync()).CreateDatabaseAsync();
        GatewayHost[] gateways = [new([]), new([])];
        var configuration = new Dictionary<string, string?>
        {
            ["ConnectionStrings:paymentdb"] = database,
            ["ConnectionStrings:kafka"] = kafka ?? NoBroker,
            ["services:gateway-primary:http:0"] = gateways[0].Address.ToString(),
            ["services:gateway-backup:http:0"] = gateways[1].Address.ToString(),
            ["Reconciler:Interval"] = "00:00:00.050",
            ["Reconciler:LongestPause"] = "00:00:00.200",
            ["Reconciler:VoidAfter"] = "00:00:01",
        };
        foreach (var (key, value) in more ?? [])
            configuration[key] = value;
        var hosts = Enumerable.Range(0, replicas).Select(_ => new PaymentHost(configuration, services =>
        {
            if (time is not null)
                services.AddSingleton(time);
        })).ToArray();
        return new Till(NpgsqlDataSource.Create(database), gateways, hosts);
    }

    public T Get<T>() where T : notnull => _replicas[0].Services.GetRequiredService<T>();

    public HttpClient Any() => _clients[Interlocked.Increment(ref _turn) % _clients.Length];

    public async Task SetFaultsAsync(int gateway, FaultSettings faults)
    {
        using var answer = await _gatewayClients[gateway].PutAsJsonAsync("/faults", faults);
        answer.EnsureSuccessStatusCode();
    }

    public Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, long user, object? body = null, string? key = null)
    {
        var request = new HttpRequestMessage(method, $"api/v1/{path}");
        request.Headers.Add("Authorization", $"Bearer {TestTokens.User(user)}");
        if (key is not null)
            request.Headers.Add("Idempotency-Key", key);
        if (body is not null)
            request.Content = JsonContent.Create(body);
        return Any().SendAsync(request);
    }

    public Task<HttpResponseMessage> PayAsync(long user, long amount, Guid? reservation = null, string? card = null, string? key = null)
    {
        var id = reservation ?? Guid.CreateVersion7();
        object body = card is null
            ? new { reservationId = id, holdToken = TestTokens.Hold(id, user, amount), method = "points" }
            : new { reservationId = id, holdToken = TestTokens.Hold(id, user, amount), method = "card", card = new { number = card, expiry = "12/49" } };
        return SendAsync(HttpMethod.Post, "payments", user, body, key ?? Guid.CreateVersion7().ToString());
    }

    /// <summary>Pays as a buyer does who comes back when the service is too busy, which a crowd before one wallet may make it.</summary>
    public async Task<HttpResponseMessage> PayUntilAnsweredAsync(long user, long amount)
    {
        var reservation = Guid.CreateVersion7();
        var key = Guid.CreateVersion7().ToString();
        while (true)
        {
            var answer = await PayAsync(user, amount, reservation, key: key);
            if (answer.StatusCode is not HttpStatusCode.ServiceUnavailable)
                return answer;
            answer.Dispose();
        }
    }

    public async Task<long> BalanceAsync(long user)
    {
        using var answer = await SendAsync(HttpMethod.Get, "wallet", user);
        return (await JsonAsync(answer)).GetProperty("balance").GetInt64();
    }

    public async Task<string> StatusAsync(Guid payment, long user)
    {
        using var answer = await SendAsync(HttpMethod.Get, $"payments/{payment}", user);
        return (await JsonAsync(answer)).GetProperty("status").GetString()!;
    }

    public async Task<T> ScalarAsync<T>(string sql)
    {
        await using var command = Db.CreateCommand(sql);
        return (T)(await command.ExecuteScalarAsync())!;
    }

    public static async Task<JsonElement> JsonAsync(HttpResponseMessage answer)
    {
        using var json = JsonDocument.Parse(await answer.Content.ReadAsStringAsync());
        return json.RootElement.Clone();
    }

    /// <summary>Awaits a state of the database, and says what it was waiting for when it does not come.</summary>
    public async Task UntilAsync(string sql)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        while (!await ScalarAsync<bool>(sql))
        {
            Assert.False(patience.IsCancellationRequested, $"Never came true: {sql}");
            await timer.WaitForNextTickAsync();
        }
    }

    public Task NothingIsOpenAsync() => UntilAsync(
        "SELECT NOT EXISTS (SELECT FROM payments WHERE status = 'pending') AND NOT EXISTS (SELECT FROM approvals WHERE state IN ('asked', 'cancelling'))");

    /// <summary>The gateways hold exactly the money of our completed card payments, and our own ledger sums up.</summary>
    public async Task BooksAgreeAsync()
    {
        for (var i = 0; i < _gateways.Length; i++)
        {
            var name = i == 0 ? "gateway-primary" : "gateway-backup";
            var books = await _gatewayClients[i].GetFromJsonAsync<BooksPage>("/books?size=1000");
            Assert.All(books!.Items, entry => Assert.True(entry.Approvals <= 1));
            var theirs = books.Items.Where(e => e.Status is EntryStatus.Approved).Select(e => e.Key).Order(StringComparer.Ordinal);
            var ours = new List<string>();
            await using var command = Db.CreateCommand($"SELECT id || ':' || gateway FROM payments WHERE method = 'card' AND status = 'completed' AND gateway = '{name}'");
            await using (var reader = await command.ExecuteReaderAsync())
            {
                while (await reader.ReadAsync())
                    ours.Add(reader.GetString(0));
            }
            Assert.Equal(ours.Order(StringComparer.Ordinal), theirs);
            Assert.Equal(books.ApprovedAmount, await ScalarAsync<long>($"SELECT -coalesce(sum(amount), 0)::bigint FROM ledger_entries WHERE account = 'external:{name}'"));
        }
        Assert.Equal(0, await ScalarAsync<long>("SELECT count(*) FROM (SELECT FROM ledger_entries GROUP BY movement HAVING sum(amount) <> 0 OR count(*) <> 2) unbalanced"));
        Assert.Equal(0, await ScalarAsync<long>("""
            SELECT count(*) FROM wallets w WHERE balance <> (SELECT coalesce(sum(amount), 0) FROM ledger_entries WHERE account = 'wallet:' || w.user_id)
            """));
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var client in _clients.Concat(_gatewayClients))
            client.Dispose();
        foreach (var replica in _replicas)
            await replica.DisposeAsync();
        foreach (var gateway in _gateways)
            await gateway.DisposeAsync();
        await Db.DisposeAsync();
    }
}
