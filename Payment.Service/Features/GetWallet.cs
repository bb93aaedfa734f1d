using Npgsql;
using PaymentService.Data;
using ServiceDefaults.Authentication;
using ServiceDefaults.Problems;

namespace PaymentService.Features;

public sealed record WalletBalance(long Balance);

/// <summary>One's own balance; who never charged has a wallet with nothing in it.</summary>
internal static class GetWallet
{
    private const string Sql = "SELECT balance FROM wallets WHERE user_id = $1";

    public static void Map(IEndpointRouteBuilder api) => api.MapGet("/wallet", Handle)
        .RequireUser()
        .Produces<WalletBalance>()
        .ProducesProblems(StatusCodes.Status503ServiceUnavailable)
        .WithSummary("See the balance");

    private static async Task<IResult> Handle(SignedInUser user, NpgsqlDataSource db, CancellationToken ct)
    {
        await using var command = db.CreateCommand(Sql).With(user.Id);
        var balance = await command.ExecuteScalarAsync(ct) as long? ?? 0;
        return Results.Json(new WalletBalance(balance), PaymentJson.Default.WalletBalance);
    }
}
