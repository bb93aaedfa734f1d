using System.Text.Json;
using Npgsql;
using ServiceDefaults.Problems;

namespace ConcertService;

public sealed record ConcertItem(long Id, string Title, string Artist, string Venue, DateTimeOffset FirstStartsAt, DateTimeOffset LastStartsAt);

public sealed record ConcertPage(IReadOnlyList<ConcertItem> Items, int Page, int Size, long Total);

/// <summary>GET /concerts: what is on, page by page.</summary>
public sealed class ListConcerts(NpgsqlDataSource database, ResponseCaches caches) : IDisposable
{
    private const int DefaultSize = 20;
    private const int MaxSize = 100;

    private const string CountSql = "select coalesce((select version from data_set), 0), (select count(*) from concerts)";

    private const string PageSql = """
        select id, title, artist, venue, first_starts_at, last_starts_at from concerts order by id limit $1 offset $2
        """;

    private readonly ResponseCache<PageKey, CachedBody> _pages =
        caches.OfStatic<PageKey, CachedBody>("concerts", share: 0.05, (key, _, ct) => ReadAsync(database, caches.BeginReading(), key, ct));

    public static void Map(IEndpointRouteBuilder routes) => routes
        .MapGet("/concerts", (ListConcerts concerts, int? page, int? size, CancellationToken ct) =>
            concerts.AnswerAsync(page ?? 1, size ?? DefaultSize, ct))
        .WithName(nameof(ListConcerts))
        .WithSummary("The concerts, a page at a time: page from 1, size from 1 to 100.")
        .WithTags("Concerts")
        .Produces<ConcertPage>()
        .Produces(StatusCodes.Status304NotModified)
        .ProducesProblems(StatusCodes.Status400BadRequest, StatusCodes.Status503ServiceUnavailable);

    public void Dispose() => _pages.Dispose();

    private async Task<IResult> AnswerAsync(int page, int size, CancellationToken ct)
    {
        if (page < 1)
            return Problem.Invalid("page", "Pages are counted from 1.");
        if (size is < 1 or > MaxSize)
            return Problem.Invalid("size", $"A page has 1 to {MaxSize} concerts.");
        return (await _pages.GetAsync(new(page, size), ct))!.ToAnswer();
    }

    private static async Task<CachedBody?> ReadAsync(NpgsqlDataSource database, Reading reading, PageKey key, CancellationToken ct)
    {
        await using var batch = database.CreateBatch();
        batch.BatchCommands.Add(new(CountSql));
        batch.BatchCommands.Add(new(PageSql) { Parameters = { new() { Value = (long)key.Size }, new() { Value = (key.Page - 1L) * key.Size } } });
        await using var row = await batch.ExecuteReaderAsync(ct);
        await row.ReadAsync(ct);
        var (dataSet, total) = (row.GetInt64(0), row.GetInt64(1));
        await row.NextResultAsync(ct);

        var items = new List<ConcertItem>(key.Size);
        while (await row.ReadAsync(ct))
            items.Add(GetConcert.ReadItem(row));
        var json = JsonSerializer.SerializeToUtf8Bytes(new(items, key.Page, key.Size, total), CatalogueJson.Default.ConcertPage);
        return new(json, reading with { DataSet = dataSet });
    }

    private readonly record struct PageKey(int Page, int Size);
}
