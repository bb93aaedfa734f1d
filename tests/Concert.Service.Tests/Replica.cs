using System.Net.Http.Json;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Testing;

namespace ConcertService.Tests;

/// <summary>One running replica of Concert.Service.</summary>
public sealed class Replica(string database, string kafka = "localhost:1", params (string Key, string Value)[] settings) : IAsyncDisposable
{
    private readonly ServiceHost<Program> _host = new(new Dictionary<string, string?>(
        settings.Select(setting => KeyValuePair.Create<string, string?>(setting.Key, setting.Value)), StringComparer.Ordinal)
    {
        ["ConnectionStrings:concertdb"] = database,
        ["ConnectionStrings:kafka"] = kafka,
    });

    private HttpClient? _http;

    public HttpClient Http => _http ??= _host.NewClient();

    public T Get<T>() where T : notnull => _host.Services.GetRequiredService<T>();

    public async Task<HttpResponseMessage> SeatsAsync(long schedule, string? pass, string? etag = null, string? user = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, $"/api/v1/schedules/{schedule}/seats");
        if (pass is not null)
            request.Headers.Add("X-Queue-Pass", pass);
        if (etag is not null)
            request.Headers.TryAddWithoutValidation("If-None-Match", etag);
        if (user is not null)
            request.Headers.Add("Authorization", $"Bearer {user}");
        return await Http.SendAsync(request);
    }

    public async Task<SeatItems> SeatMapAsync(long schedule, long concert = 1)
    {
        using var answer = await SeatsAsync(schedule, TestTokens.Pass(7, concert, 1));
        answer.EnsureSuccessStatusCode();
        return (await answer.Content.ReadFromJsonAsync<SeatItems>())!;
    }

    public async Task<int> SeatsAvailableAsync(long schedule, long concert = 1) =>
        (await Http.GetFromJsonAsync<ScheduleItems>($"/api/v1/concerts/{concert}/schedules"))!.Items.Single(item => item.Id == schedule).SeatsAvailable;

    /// <summary>Asks until the seat looks like that; the test's own limit ends a wait in vain.</summary>
    public async Task UntilAsync(long schedule, long seat, string status, long concert = 1)
    {
        while ((await SeatMapAsync(schedule, concert)).Seats.Single(item => item.Id == seat).Status != status)
            await Task.Delay(5);
    }

    /// <summary>Writes claims as the consumer does, in one transaction.</summary>
    public static async Task ClaimAsync(string database, params (long Schedule, long Seat, Guid Reservation, ClaimState State)[] claims)
    {
        await using var source = NpgsqlDataSource.Create(database);
        await ClaimAsync(source, claims);
    }

    public static async Task ClaimAsync(NpgsqlDataSource database, params (long Schedule, long Seat, Guid Reservation, ClaimState State)[] claims)
    {
        var batch = new SeatClaims();
        foreach (var claim in claims)
            batch.Add(claim.Schedule, [claim.Seat], claim.Reservation, claim.State, 1);

        await using var connection = await database.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        await using var commands = new NpgsqlBatch(connection, transaction);
        foreach (var command in batch.Commands)
            commands.BatchCommands.Add(command);
        await commands.ExecuteNonQueryAsync();
        await transaction.CommitAsync();
    }

    public async ValueTask DisposeAsync()
    {
        _http?.Dispose();
        await _host.DisposeAsync();
    }
}

/// <summary>A replica on a database of its own with the demo data, for one test class.</summary>
public sealed class DemoReplica(Infrastructure infrastructure) : IAsyncDisposable, Xunit.IAsyncLifetime
{
    public string Database { get; private set; } = "";

    public Replica Replica { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        Database = await (await infrastructure.PostgresAsync()).CreateDatabaseAsync();
        Replica = new(Database);
    }

    public ValueTask DisposeAsync() => Replica.DisposeAsync();
}
