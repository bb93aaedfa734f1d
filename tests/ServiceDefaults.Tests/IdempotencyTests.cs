using System.Net;
using Microsoft.AspNetCore.Builder;
using Npgsql;
using ServiceDefaults.Authentication;
using ServiceDefaults.Database;
using ServiceDefaults.Idempotency;
using Testing;
using Xunit;

namespace ServiceDefaults.Tests;

public sealed class IdempotencyTests(Infrastructure infrastructure) : IAsyncLifetime
{
    private static readonly SignedInUser User = new(5, false);
    private TestService _service = null!;
    private NpgsqlDataSource _db = null!;

    public async ValueTask InitializeAsync()
    {
        var connection = await (await infrastructure.PostgresAsync()).CreateDatabaseAsync();
        _db = NpgsqlDataSource.Create(connection);
        _service = await TestService.StartAsync(
            app => app.MapGet("/replay/{key}", async (string key, NpgsqlDataSource db, CancellationToken ct) =>
                IdempotentReplay.From((await IdempotencyStore.FindAsync(db, Request(key, "body"), ct))!)),
            builder => builder.AddDatabase("db", typeof(IdempotencyStore).Assembly),
            ("ConnectionStrings:db", connection));
    }

    public async ValueTask DisposeAsync()
    {
        await _service.DisposeAsync();
        await _db.DisposeAsync();
    }

    private static IdempotentRequest Request(string key, string body)
        => IdempotentRequest.Create(User, "POST /payments", new IdempotencyKey(key), System.Text.Encoding.UTF8.GetBytes(body));

    [Fact]
    public async Task A_new_key_has_no_answer()
        => Assert.Null(await IdempotencyStore.FindAsync(_db, Request("new", "body"), CancellationToken.None));

    [Fact]
    public async Task The_first_answer_is_kept_and_a_second_insert_is_none()
    {
        Assert.Equal(1, await InsertAsync(Request("k", "body"), 201, """{"id":1}"""));
        Assert.Equal(0, await InsertAsync(Request("k", "body"), 201, """{"id":2}"""));
        Assert.Equal(new StoredAnswer(201, """{"id":1}""", SameRequest: true, InFlight: false), await FindAsync("k", "body"));
        Assert.False((await FindAsync("k", "another body"))!.SameRequest);
    }

    [Fact]
    public async Task A_replay_has_the_first_status_and_body_and_says_so()
    {
        await InsertAsync(Request("done", "body"), 201, """{"id":1}""");
        using var response = await _service.Client.GetAsync("/replay/done");
        Assert.Equal(HttpStatusCode.Created, response.StatusCode);
        Assert.Equal("true", response.Headers.GetValues(IdempotentReplay.Header).Single());
        Assert.Equal("application/json", response.Content.Headers.ContentType?.MediaType);
        Assert.Equal("""{"id":1}""", await response.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task A_refusal_is_replayed_as_the_problem_that_it_was()
    {
        await InsertAsync(Request("declined", "body"), 402, """{"status":402}""");
        using var response = await _service.Client.GetAsync("/replay/declined");
        Assert.Equal(HttpStatusCode.PaymentRequired, response.StatusCode);
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
    }

    [Fact]
    public async Task Another_body_is_422_and_a_request_still_in_flight_409()
    {
        await InsertAsync(Request("reused", "another body"), 201, "{}");
        await InsertAsync(Request("flying", "body"), null, null);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await _service.Client.GetAsync("/replay/reused")).StatusCode);
        using var inFlight = await _service.Client.GetAsync("/replay/flying");
        Assert.Equal(HttpStatusCode.Conflict, inFlight.StatusCode);
        Assert.NotNull(inFlight.Headers.RetryAfter);
    }

    [Fact]
    public async Task Keys_are_forgotten_after_their_day_and_not_before()
    {
        await InsertAsync(Request("old", "body"), 201, "{}");
        await InsertAsync(Request("young", "body"), 201, "{}");
        await using (var age = _db.CreateCommand("UPDATE idempotency_keys SET created_at = now() - interval '25 hours' WHERE key = 'old'"))
            await age.ExecuteNonQueryAsync();

        Assert.Equal(1, await IdempotencySweeper.SweepAsync(_db, TimeProvider.System.GetUtcNow().AddHours(-24), CancellationToken.None));
        Assert.Null(await FindAsync("old", "body"));
        Assert.NotNull(await FindAsync("young", "body"));
    }

    private Task<StoredAnswer?> FindAsync(string key, string body) => IdempotencyStore.FindAsync(_db, Request(key, body), CancellationToken.None);

    private async Task<int> InsertAsync(IdempotentRequest request, int? status, string? body)
    {
        await using var command = _db.CreateCommand(IdempotencyStore.Insert);
        command.Parameters.AddWithValue(request.UserId);
        command.Parameters.AddWithValue(request.Route);
        command.Parameters.AddWithValue(request.Key);
        command.Parameters.AddWithValue(request.Fingerprint);
        command.Parameters.Add(new NpgsqlParameter { Value = (object?)status ?? DBNull.Value, NpgsqlDbType = NpgsqlTypes.NpgsqlDbType.Integer });
        command.Parameters.Add(new NpgsqlParameter { Value = (object?)body ?? DBNull.Value, NpgsqlDbType = NpgsqlTypes.NpgsqlDbType.Text });
        return await command.ExecuteNonQueryAsync();
    }
}
