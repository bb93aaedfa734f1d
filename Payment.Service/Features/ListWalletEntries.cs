using Npgsql;
using PaymentService.Data;
using ServiceDefaults.Authentication;
using ServiceDefaults.Problems;

namespace PaymentService.Features;

public sealed record WalletEntry(long Id, string Kind, long Amount, Guid? PaymentId, DateTimeOffset CreatedAt);

/// <param name="Next">Ask again with <c>before</c> set to it; absent on the last page.</param>
public sealed record WalletHistory(IReadOnlyList<WalletEntry> Items, long? Next);

/// <summary>What moved one's balance, newest first. Pages by key, so that the thousandth costs what the first does.</summary>
internal static class ListWalletEntries
{
    private const int LargestPage = 100;

    private const string Sql = """
        SELECT id, kind, amount, payment_id, created_at FROM ledger_entries WHERE account = $1 AND id < $2 ORDER BY id DESC LIMIT $3
        """;

    public static void Map(IEndpointRouteBuilder api) => api.MapGet("/wallet/entries", Handle)
        .RequireUser()
        .Produces<WalletHistory>()
        .ProducesProblems(StatusCodes.Status400BadRequest, StatusCodes.Status503ServiceUnavailable)
        .WithSummary("See what moved the balance");

    private static async Task<IResult> Handle(SignedInUser user, NpgsqlDataSource db, CancellationToken ct, long before = long.MaxValue, int size = 20)
    {
        if (before < 1)
            return Problem.Invalid("before", "Must be positive.");
        if (size is < 1 or > LargestPage)
            return Problem.Invalid("size", $"Must be 1 to {LargestPage}.");

        await using var command = db.CreateCommand(Sql).With($"wallet:{user.Id}").With(before).With(size + 1);
        await using var reader = await command.ExecuteReaderAsync(ct);
        var entries = new List<WalletEntry>(size);
        while (await reader.ReadAsync(ct))
        {
            if (entries.Count == size)
                return Answer(entries, next: entries[^1].Id);
            entries.Add(new WalletEntry(
                reader.GetInt64(0), reader.GetString(1), reader.GetInt64(2), reader.IsDBNull(3) ? null : reader.GetGuid(3),
                reader.GetFieldValue<DateTimeOffset>(4)));
        }
        return Answer(entries, next: null);
    }

    private static IResult Answer(List<WalletEntry> entries, long? next) => Results.Json(new WalletHistory(entries, next), PaymentJson.Default.WalletHistory);
}
