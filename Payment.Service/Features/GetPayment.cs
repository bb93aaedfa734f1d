using Npgsql;
using PaymentService.Data;
using PaymentService.Domain;
using ServiceDefaults.Authentication;
using ServiceDefaults.Problems;

namespace PaymentService.Features;

/// <summary>What became of one's own payment.</summary>
internal static class GetPayment
{
    public static void Map(IEndpointRouteBuilder api) => api.MapGet("/payments/{id:guid}", Handle)
        .RequireUser()
        .Produces<PaymentView>()
        .ProducesProblems(StatusCodes.Status404NotFound, StatusCodes.Status503ServiceUnavailable)
        .WithSummary("Look at a payment");

    private static async Task<IResult> Handle(Guid id, SignedInUser user, FindPayment find, CancellationToken ct)
        => await find.FindAsync(id, user.Id, ct) is { } payment
            ? Results.Json(payment, PaymentJson.Default.PaymentView)
            : Problem.NotFound("payment");
}

public sealed class FindPayment(NpgsqlDataSource db)
{
    private const string Sql = """
        SELECT reservation_id, amount, method, status, created_at, card_last_four, failure FROM payments WHERE id = $1 AND user_id = $2
        """;

    public async Task<PaymentView?> FindAsync(Guid id, long user, CancellationToken ct)
    {
        await using var command = db.CreateCommand(Sql).With(id).With(user);
        await using var reader = await command.ExecuteReaderAsync(ct);
        return await reader.ReadAsync(ct)
            ? new PaymentView(
                id, reader.GetGuid(0), reader.GetInt64(1), Won.Currency, reader.GetString(2), reader.GetString(3), reader.GetFieldValue<DateTimeOffset>(4),
                reader.IsDBNull(5) ? null : reader.GetString(5), reader.IsDBNull(6) ? null : reader.GetString(6))
            : null;
    }
}
