using System.Text.Json;
using Npgsql;
using ServiceDefaults.Problems;

namespace ConcertService;

/// <summary>GET /concerts/{id}.</summary>
public sealed class GetConcert(NpgsqlDataSource database, ResponseCaches caches) : IDisposable
{
    private const string Sql = """
        select id, title, artist, venue, first_starts_at, last_starts_at, coalesce((select version from data_set), 0)
        from concerts where id = $1
        """;

    private readonly ResponseCache<long, CachedBody> _concerts =
        caches.OfStatic<long, CachedBody>("concert", share: 0.05, (id, _, ct) => ReadAsync(database, caches.BeginReading(), id, ct));

    public static void Map(IEndpointRouteBuilder routes) => routes
        .MapGet("/concerts/{id}", (GetConcert concert, long id, CancellationToken ct) => concert.AnswerAsync(id, ct))
        .WithName(nameof(GetConcert))
        .WithSummary("One concert.")
        .WithTags("Concerts")
        .Produces<ConcertItem>()
        .Produces(StatusCodes.Status304NotModified)
        .ProducesProblems(StatusCodes.Status400BadRequest, StatusCodes.Status404NotFound, StatusCodes.Status503ServiceUnavailable);

    public static ConcertItem ReadItem(NpgsqlDataReader row) => new(
        row.GetInt64(0), row.GetString(1), row.GetString(2), row.GetString(3),
        row.GetFieldValue<DateTimeOffset>(4), row.GetFieldValue<DateTimeOffset>(5));

    public void Dispose() => _concerts.Dispose();

    private async Task<IResult> AnswerAsync(long id, CancellationToken ct) =>
        await _concerts.GetAsync(id, ct) is { } concert ? concert.ToAnswer() : Problem.NotFound("concert");

    private static async Task<CachedBody?> ReadAsync(NpgsqlDataSource database, Reading reading, long id, CancellationToken ct)
    {
        await using var command = database.CreateCommand(Sql);
        command.Parameters.Add(new() { Value = id });
        await using var row = await command.ExecuteReaderAsync(ct);
        return await row.ReadAsync(ct)
            ? new(JsonSerializer.SerializeToUtf8Bytes(ReadItem(row), CatalogueJson.Default.ConcertItem), reading with { DataSet = row.GetInt64(6) })
            : null;
    }
}
