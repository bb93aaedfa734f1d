using System.Net;
using System.Net.Http.Json;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Testing;

namespace ReservationService.Tests;

/// <summary>Reservation.Service on a database of its own, with as many replicas as a test wants, and the customers' side of it.</summary>
public sealed class Sale : IAsyncDisposable
{
    private readonly LayoutServer layouts;
    private readonly ServiceHost<Program>[] replicas;
    private readonly HttpClient[] clients;
    private int turn;

    private Sale(LayoutServer layouts, NpgsqlDataSource db, ServiceHost<Program>[] replicas)
    {
        (this.layouts, Db, this.replicas) = (layouts, db, replicas);
        clients = [.. replicas.Select(r => r.NewClient())];
    }

    public NpgsqlDataSource Db { get; }

    public LayoutServer Layouts => layouts;

    public ServiceHost<Program> Replica(int index = 0) => replicas[index];

    public static async Task<Sale> OpenAsync(
        Infrastructure infrastructure, int replicas = 1, TimeProvider? time = null, string? redis = null, string? database = null, string? kafka = null, Dictionary<string, string?>? more = null)
    {
        database ??= await (await infrastructure.PostgresAsync()).CreateDatabaseAsync();
        // A keyspace of its own: the guard's marks of one test must not be in another's way.
        redis ??= $"{(await infrastructure.RedisAsync()).ConnectionString},defaultDatabase={Interlocked.Increment(ref keyspaces) % 16}";
        var server = await LayoutServer.StartAsync();
        var configuration = new Dictionary<string, string?>(more ?? [])
        {
            ["ConnectionStrings:reservationdb"] = database,
            ["ConnectionStrings:redis"] = redis,
            ["ConnectionStrings:kafka"] = kafka ?? (await infrastructure.KafkaAsync()).BootstrapServers,
            ["services:concert:http:0"] = server.Address,
        };
        var hosts = Enumerable.Range(0, replicas)
            .Select(_ => new ServiceHost<Program>(configuration, services =>
            {
                if (time is not null) services.AddSingleton(time);
            }))
            .ToArray();
        return new Sale(server, NpgsqlDataSource.Create(database), hosts);
    }

    public Task<HttpResponseMessage> HoldAsync(long user, long schedule, long[] seats, long? ticket = null, long concert = 1, string? key = null)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, "api/v1/reservations") { Content = JsonContent.Create(new { scheduleId = schedule, seatIds = seats }) };
        request.Headers.Add("Authorization", $"Bearer {TestTokens.User(user)}");
        request.Headers.Add("X-Queue-Pass", TestTokens.Pass(user, concert, ticket ?? NextTicket()));
        if (key is not null) request.Headers.Add("Idempotency-Key", key);
        return Any().SendAsync(request);
    }

    /// <summary>As a customer does it: who is told that the service is overloaded asks again, with the same key.</summary>
    public async Task<HttpResponseMessage> HoldUntilAnsweredAsync(long user, long schedule, long[] seats, long? ticket = null, long concert = 1)
    {
        ticket ??= NextTicket();
        var key = Guid.CreateVersion7().ToString();
        while (true)
        {
            var answer = await HoldAsync(user, schedule, seats, ticket, concert, key);
            if (answer.StatusCode is not HttpStatusCode.ServiceUnavailable) return answer;
            await Task.Delay(answer.Headers.RetryAfter!.Delta!.Value, TimeProvider.System, TestContext.Current.CancellationToken);
            answer.Dispose();
        }
    }

    public async Task<ReservationBody> HeldAsync(long user, long schedule, long[] seats, long? ticket = null, long concert = 1)
    {
        using var response = await HoldUntilAnsweredAsync(user, schedule, seats, ticket, concert);
        Assert.Equal(HttpStatusCode.Created, response.StatusCode);
        return (await response.Content.ReadFromJsonAsync<ReservationBody>())!;
    }

    public async Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, long user)
    {
        var request = new HttpRequestMessage(method, path);
        request.Headers.Add("Authorization", $"Bearer {TestTokens.User(user)}");
        return await Any().SendAsync(request);
    }

    public async Task<string> StatusAsync(Guid reservation) =>
        (string)(await ScalarAsync("SELECT status FROM reservations WHERE id = $1", reservation))!;

    public async Task<object?> ScalarAsync(string sql, params object[] parameters)
    {
        await using var command = Db.CreateCommand(sql);
        foreach (var parameter in parameters) command.Parameters.Add(new() { Value = parameter });
        return await command.ExecuteScalarAsync();
    }

    /// <summary>Awaits a state of the database, and says what it was waiting for when it does not come.</summary>
    public async Task UntilAsync(string sql, params object[] parameters)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        while (await ScalarAsync(sql, parameters) is not true)
        {
            Assert.False(patience.IsCancellationRequested, $"Never came true: {sql}");
            await timer.WaitForNextTickAsync();
        }
    }

    /// <summary>Tickets in tests are unique unless a test says otherwise.</summary>
    public static long NextTicket() => Interlocked.Increment(ref tickets);

    public async ValueTask DisposeAsync()
    {
        foreach (var client in clients) client.Dispose();
        foreach (var replica in replicas) await replica.DisposeAsync();
        await Db.DisposeAsync();
        await layouts.DisposeAsync();
    }

    public HttpClient Any() => clients[Interlocked.Increment(ref turn) % clients.Length];

    private static long tickets;
    private static int keyspaces;
}
