using System.Text.Json;
using Contracts;
using Messaging;
using Microsoft.Extensions.Options;
using Npgsql;
using ReservationService.Domain;
using ReservationService.Guard;
using ReservationService.Layouts;
using ServiceDefaults.Authentication;
using ServiceDefaults.Idempotency;
using ServiceDefaults.Problems;
using ServiceDefaults.Tokens;

namespace ReservationService.Features;

/// <summary>POST /reservations: holds 1 to 4 seats for somebody who was admitted, all of them or none.</summary>
internal sealed class HoldSeats(
    LayoutCache layouts, SeatGuard guard, SeatStore store, IOutbox outbox, TokenSigner signer, NpgsqlDataSource db,
    IOptions<HoldOptions> options, ReservationMetrics metrics, TimeProvider time)
{
    private const int MostSeats = 4;
    private const string Route = "POST /reservations";

    public static void Map(IEndpointRouteBuilder routes) => routes
        .MapPost("/reservations", (HoldSeats feature, HoldRequest request, SignedInUser user, AdmittedPass pass, IdempotencyKey? key, CancellationToken ct) =>
            feature.HandleAsync(request, user, pass, key, ct))
        .RequireUser().RequirePass()
        .WithName(nameof(HoldSeats))
        .WithSummary("Holds 1 to 4 seats of a schedule until heldUntil. The holdToken pays for them.")
        .WithTags("Reservations")
        .Produces<ReservationBody>(StatusCodes.Status201Created)
        .ProducesProblems(
            StatusCodes.Status400BadRequest, StatusCodes.Status403Forbidden, StatusCodes.Status404NotFound, StatusCodes.Status409Conflict,
            StatusCodes.Status413PayloadTooLarge, StatusCodes.Status415UnsupportedMediaType, StatusCodes.Status422UnprocessableEntity, StatusCodes.Status503ServiceUnavailable);

    private async Task<IResult> HandleAsync(HoldRequest request, SignedInUser user, AdmittedPass pass, IdempotencyKey? key, CancellationToken ct)
    {
        if (Validate(request) is { } invalid) return invalid;
        var seatIds = request.SeatIds.Order().ToArray();
        var idempotent = key is null ? null : IdempotentRequest.Create(user, Route, key, JsonSerializer.SerializeToUtf8Bytes(request with { SeatIds = seatIds }, ReservationJson.Default.HoldRequest));
        if (idempotent is not null && await IdempotencyStore.FindAsync(db, idempotent, ct) is { } earlier) return IdempotentReplay.From(earlier);

        var now = time.GetUtcNow();
        var (amount, refusal) = Price(await layouts.FindAsync(request.ScheduleId, ct), pass, seatIds, now);
        if (refusal is not null) (amount, refusal) = Price(await layouts.FindAgainAsync(request.ScheduleId, ct), pass, seatIds, now);
        if (refusal is not null) return refusal;

        var hold = new Hold(Guid.CreateVersion7(), user.Id, pass.ConcertId, request.ScheduleId, seatIds, pass.Ticket, amount, now, WholeMilliseconds(now + options.Value.Duration));
        return await HoldAsync(hold, idempotent, ct);
    }

    private async Task<IResult> HoldAsync(Hold hold, IdempotentRequest? idempotent, CancellationToken ct)
    {
        using var attempt = guard.Begin(hold.ScheduleId);
        if (!attempt.IsAlone && await guard.EnterAsync(hold.ScheduleId, hold.SeatIds, hold.UserId, hold.Id, ct) is { Length: > 0 } marked)
        {
            metrics.Attempt("taken");
            return ReservationProblems.SeatTaken(marked);
        }
        var body = new ReservationBody(
            hold.Id, hold.ScheduleId, hold.SeatIds, hold.Amount, ReservationBody.Won, Statuses.Held, hold.Until,
            signer.Sign(new HoldToken(hold.Id, hold.UserId, hold.Amount, hold.Until)));
        var held = OutboxMessage.Create(Topics.Reservations, hold.ScheduleId.ToString(), new ReservationHeld(
            hold.Id, hold.UserId, hold.ConcertId, hold.ScheduleId, hold.SeatIds, hold.Ticket, hold.Amount, hold.Until));
        HoldResult? result = null;
        try
        {
            var answer = idempotent is null ? null : JsonSerializer.Serialize(body, ReservationJson.Default.ReservationBody);
            result = await store.HoldAsync(hold, held, idempotent, answer, ct);
        }
        finally
        {
            // Whoever comes next must not be told "taken" because of a hold that never was.
            if (result is not HoldResult.Held && !attempt.IsAlone) await guard.LeaveAsync(hold.ScheduleId, hold.SeatIds, hold.UserId, hold.Id, CancellationToken.None);
        }
        return await AnswerAsync(result, body, idempotent, ct);
    }

    private async Task<IResult> AnswerAsync(HoldResult result, ReservationBody body, IdempotentRequest? idempotent, CancellationToken ct)
    {
        metrics.Attempt(result.GetType().Name);
        switch (result)
        {
            case HoldResult.Held:
                outbox.Wake();
                metrics.Became(Statuses.Held);
                return TypedResults.Created($"/api/v1/reservations/{body.Id}", body);
            case HoldResult.SeatTaken taken:
                return ReservationProblems.SeatTaken(taken.SeatIds);
            case HoldResult.ReservationOpen:
                return ReservationProblems.ReservationOpen();
            case HoldResult.PassSpent:
                return ReservationProblems.PassSpent();
            case HoldResult.SeatLimit:
                return ReservationProblems.SeatLimit(options.Value.MostSeatsPerConcert);
            case HoldResult.KeyInFlight:
                return IdempotentReplay.InFlight();
            default:
                return IdempotentReplay.From((await IdempotencyStore.FindAsync(db, idempotent!, ct))!);
        }
    }

    private static (long Amount, ProblemResult? Refusal) Price(Layout? layout, AdmittedPass pass, long[] seatIds, DateTimeOffset now)
    {
        if (layout is null) return (0, Problem.NotFound("schedule"));
        if (layout.ConcertId != pass.ConcertId) return (0, ReservationProblems.OtherConcert());
        if (layout.StartsAt <= now) return (0, ReservationProblems.SaleClosed());
        var (amount, unknown) = layout.PriceOf(seatIds);
        return unknown is { } seat ? (0, ReservationProblems.UnknownSeat(seat)) : (amount, null);
    }

    private static ProblemResult? Validate(HoldRequest request) => request switch
    {
        { ScheduleId: <= 0 } => Problem.Invalid("scheduleId", "Give the id of a schedule."),
        { SeatIds: null or { Length: < 1 or > MostSeats } } => Problem.Invalid("seatIds", $"Give 1 to {MostSeats} seats."),
        _ when request.SeatIds.Any(seat => seat <= 0) => Problem.Invalid("seatIds", "Seat ids are positive numbers."),
        _ when request.SeatIds.Distinct().Count() != request.SeatIds.Length => Problem.Invalid("seatIds", "The same seat is given twice."),
        _ => null,
    };

    /// <summary>PostgreSQL keeps microseconds and tokens whole milliseconds: all must name the same end.</summary>
    private static DateTimeOffset WholeMilliseconds(DateTimeOffset at) => at.AddTicks(-(at.Ticks % TimeSpan.TicksPerMillisecond));
}
