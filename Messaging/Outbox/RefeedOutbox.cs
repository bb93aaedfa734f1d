using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Npgsql;
using ServiceDefaults.Authentication;
using ServiceDefaults.Problems;

namespace Messaging;

/// <summary>
/// Sends again what was sent since some moment, for a Kafka cluster that lost it, and what was given up since then. Rows go out in
/// their old order and under their old ids, so a consumer that knows them already drops them.
/// </summary>
internal static class RefeedOutbox
{
    private const int Batch = 5_000;
    private static readonly TimeSpan ClockDifference = TimeSpan.FromMinutes(5);

    // In batches, each behind the last one's ids, so that no transaction is long and the relay starts at once.
    private const string Sql = """
        WITH due AS (
            SELECT id FROM outbox WHERE id > $1 AND created_at >= $2 ORDER BY id LIMIT $3),
        fed AS (
            UPDATE outbox SET sent_at = NULL, dead_at = NULL, next_attempt_at = NULL, attempts = 0
            WHERE id IN (SELECT id FROM due) AND (sent_at IS NOT NULL OR dead_at IS NOT NULL) RETURNING id)
        SELECT (SELECT count(*) FROM fed), (SELECT count(*) FROM due), (SELECT id FROM due ORDER BY id DESC LIMIT 1)
        """;

    /// <param name="Since">Rows written at this moment or later are sent again.</param>
    internal sealed record Request(DateTimeOffset Since);

    /// <param name="Rows">How many rows are on their way once more.</param>
    internal sealed record Response(long Rows);

    public static void Map(IEndpointRouteBuilder app) =>
        app.MapPost("/api/v1/admin/outbox/refeed", HandleAsync)
            .WithSummary("Send again what this service sent since a moment, for a Kafka cluster that lost it")
            .RequireAdmin()
            .ProducesProblems(StatusCodes.Status400BadRequest, StatusCodes.Status413PayloadTooLarge, StatusCodes.Status415UnsupportedMediaType, StatusCodes.Status503ServiceUnavailable);

    private static async Task<Ok<Response>> HandleAsync(Request request, NpgsqlDataSource db, IOutbox outbox, CancellationToken cancel)
    {
        var rows = 0L;
        // An id's clock and the database's may differ a little.
        var oldest = request.Since > DateTimeOffset.UnixEpoch + ClockDifference ? request.Since - ClockDifference : DateTimeOffset.UnixEpoch;
        for (Guid? next = MessageSweeper.IdOf(oldest); next is { } after;)
        {
            await using var command = db.CreateCommand(Sql);
            command.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = after });
            command.Parameters.Add(new NpgsqlParameter<DateTime> { TypedValue = request.Since.UtcDateTime });
            command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = Batch });
            await using var reader = await command.ExecuteReaderAsync(cancel);
            await reader.ReadAsync(cancel);
            rows += reader.GetInt64(0);
            next = reader.GetInt64(1) == Batch ? reader.GetGuid(2) : null;
            outbox.Wake();
        }
        return TypedResults.Ok(new Response(rows));
    }
}
