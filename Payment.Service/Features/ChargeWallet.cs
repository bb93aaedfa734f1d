using Npgsql;
using PaymentService.Data;
using PaymentService.Domain;
using ServiceDefaults.Authentication;
using ServiceDefaults.Idempotency;
using ServiceDefaults.Overload;
using ServiceDefaults.Problems;

namespace PaymentService.Features;

public sealed record ChargeRequest(long Amount);

/// <summary>Adds points: <c>charge_wallet</c> in Data/.</summary>
internal static class ChargeWallet
{
    private const string Route = "POST /wallet/charges";

    private const string Sql = "SELECT outcome, status, body, same_request FROM charge_wallet($1, $2, $3, $4, $5, $6, $7, $8)";

    public static void Map(IEndpointRouteBuilder api) => api.MapPost("/wallet/charges", Handle)
        .RequireUser()
        .RequireIdempotencyKey()
        .LimitPerUser()
        .Produces<WalletBalance>()
        .ProducesProblems(
            StatusCodes.Status400BadRequest, StatusCodes.Status409Conflict, StatusCodes.Status413PayloadTooLarge, StatusCodes.Status415UnsupportedMediaType, StatusCodes.Status422UnprocessableEntity,
            StatusCodes.Status503ServiceUnavailable)
        .WithSummary("Charge the wallet");

    private static async Task<IResult> Handle(
        ChargeRequest request, SignedInUser user, IdempotencyKey key, NpgsqlDataSource db, TimeProvider time, CancellationToken ct)
    {
        if (request.Amount is < 1 or > Won.LargestCharge)
            return Problem.Invalid("amount", $"Must be 1 to {Won.LargestCharge}.");

        var keyed = IdempotentRequest.Create(user, Route, key, BitConverter.GetBytes(request.Amount));
        var now = time.GetUtcNow();
        await using var command = db.CreateCommand(Sql)
            .With(keyed.UserId).With(keyed.Route).With(keyed.Key).With(keyed.Fingerprint)
            .With(Guid.CreateVersion7(now)).With(request.Amount).With(Won.FullWallet).With(now);
        await using var reader = await command.ExecuteReaderAsync(ct);
        await reader.ReadAsync(ct);
        return reader.GetString(0) switch
        {
            "charged" => Results.Text(reader.GetString(2), "application/json; charset=utf-8"),
            "replay" => FirstAnswers.Read(reader),
            _ => PaymentProblems.WalletFull,
        };
    }
}
