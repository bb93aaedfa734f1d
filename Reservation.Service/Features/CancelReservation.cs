using System.Diagnostics;
using Messaging;
using Npgsql;
using NpgsqlTypes;
using ReservationService.Guard;
using ServiceDefaults.Authentication;
using ServiceDefaults.Problems;

namespace ReservationService.Features;

/// <summary>DELETE /reservations/{id}: gives the seats back before they are paid.</summary>
internal static class CancelReservation
{
    // Only a held one: while a payment is under way its outcome decides.
    private const string Sql = """
        WITH mine AS (SELECT id, status, schedule_id, seat_ids FROM reservations WHERE id = $1 AND user_id = $2 FOR UPDATE)
        SELECT status, schedule_id, seat_ids, CASE WHEN status = 'held' THEN release_reservation(id, 'cancelled', 'Cancelled', $3, $4) ELSE false END FROM mine
        """;

    public static void Map(IEndpointRouteBuilder routes) => routes
        .MapDelete("/reservations/{id}", HandleAsync)
        .RequireUser()
        .WithName(nameof(CancelReservation))
        .WithSummary("Cancels a held reservation; cancelling it again is fine.")
        .WithTags("Reservations")
        .Produces(StatusCodes.Status204NoContent)
        .ProducesProblems(StatusCodes.Status404NotFound, StatusCodes.Status409Conflict, StatusCodes.Status503ServiceUnavailable);

    private static async Task<IResult> HandleAsync(
        string id, SignedInUser user, NpgsqlDataSource db, IOutbox outbox, SeatGuard guard, ReservationMetrics metrics, CancellationToken ct)
    {
        if (!Guid.TryParse(id, out var reservation)) return Problem.NotFound("reservation");
        string status;
        (long Schedule, long[] Seats) freed;
        await using (var command = db.CreateCommand(Sql))
        {
            command.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = reservation });
            command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = user.Id });
            command.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = Guid.CreateVersion7() });
            command.Parameters.Add(new NpgsqlParameter { Value = (object?)Activity.Current?.Id ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Text });
            await using var row = await command.ExecuteReaderAsync(ct);
            if (!await row.ReadAsync(ct)) return Problem.NotFound("reservation");
            status = row.GetString(0);
            freed = (row.GetInt64(1), row.GetFieldValue<long[]>(2));
        }
        switch (status)
        {
            case Statuses.Paying:
                return ReservationProblems.PaymentPending();
            case Statuses.Confirmed:
                return ReservationProblems.AlreadyConfirmed();
            case Statuses.Held:
                outbox.Wake();
                metrics.Became(Statuses.Cancelled);
                await guard.LeaveAsync(freed.Schedule, freed.Seats, user.Id, reservation, CancellationToken.None);
                break;
        }
        return TypedResults.NoContent();
    }
}
