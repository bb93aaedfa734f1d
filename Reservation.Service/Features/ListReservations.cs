using Npgsql;
using ServiceDefaults.Authentication;
using ServiceDefaults.Problems;
using ServiceDefaults.Tokens;

namespace ReservationService.Features;

/// <summary>GET /reservations: one's own, newest first.</summary>
internal static class ListReservations
{
    private const int MostSize = 100;
    private const int MostPage = 10_000;

    private const string Sql = $"SELECT {ReservationBody.Columns} FROM reservations WHERE user_id = $1 ORDER BY id DESC LIMIT $2 OFFSET $3";

    public static void Map(IEndpointRouteBuilder routes) => routes
        .MapGet("/reservations", HandleAsync)
        .RequireUser()
        .WithName(nameof(ListReservations))
        .WithSummary("Your reservations, newest first.")
        .WithTags("Reservations")
        .Produces<ReservationList>()
        .ProducesProblems(StatusCodes.Status400BadRequest, StatusCodes.Status503ServiceUnavailable);

    private static async Task<IResult> HandleAsync(SignedInUser user, NpgsqlDataSource db, TokenSigner signer, CancellationToken ct, int page = 1, int size = 20)
    {
        if (page is < 1 or > MostPage) return Problem.Invalid("page", $"Give a page from 1 to {MostPage}.");
        if (size is < 1 or > MostSize) return Problem.Invalid("size", $"Give a size from 1 to {MostSize}.");
        await using var command = db.CreateCommand(Sql);
        command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = user.Id });
        command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = size });
        command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = (page - 1) * size });
        await using var row = await command.ExecuteReaderAsync(ct);
        var items = new List<ReservationBody>();
        while (await row.ReadAsync(ct)) items.Add(ReservationBody.Read(row, signer));
        return TypedResults.Ok(new ReservationList([.. items], page, size));
    }
}
