using Npgsql;
using ServiceDefaults.Authentication;
using ServiceDefaults.Problems;
using ServiceDefaults.Tokens;

namespace ReservationService.Features;

/// <summary>GET /reservations/{id}: one's own; somebody else's is as good as none.</summary>
internal static class GetReservation
{
    private const string Sql = $"SELECT {ReservationBody.Columns} FROM reservations WHERE id = $1 AND user_id = $2";

    public static void Map(IEndpointRouteBuilder routes) => routes
        .MapGet("/reservations/{id}", HandleAsync)
        .RequireUser()
        .WithName(nameof(GetReservation))
        .WithSummary("One of your reservations. While there is something to pay, it has a holdToken.")
        .WithTags("Reservations")
        .Produces<ReservationBody>()
        .ProducesProblems(StatusCodes.Status404NotFound, StatusCodes.Status503ServiceUnavailable);

    private static async Task<IResult> HandleAsync(string id, SignedInUser user, NpgsqlDataSource db, TokenSigner signer, CancellationToken ct)
    {
        if (!Guid.TryParse(id, out var reservation)) return Problem.NotFound("reservation");
        await using var command = db.CreateCommand(Sql);
        command.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = reservation });
        command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = user.Id });
        await using var row = await command.ExecuteReaderAsync(ct);
        return await row.ReadAsync(ct) ? TypedResults.Ok(ReservationBody.Read(row, signer)) : Problem.NotFound("reservation");
    }
}
