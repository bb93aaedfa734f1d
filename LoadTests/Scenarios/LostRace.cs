using LoadTests.Booking;
using NBomber.Contracts;
using NBomber.CSharp;

namespace LoadTests.Scenarios;

/// <summary>Two customers chose the same seat: a correct answer, counted under its own status code and not as a failure.</summary>
internal static class LostRace
{
    private const string SeatTaken = "seat-taken";

    public static Response<ReservationAnswer> AsOutcome(Response<ReservationAnswer> response) =>
        response.IsError && response.Message == SeatTaken
            ? Response.Ok<ReservationAnswer>(statusCode: response.StatusCode, message: SeatTaken, sizeBytes: response.SizeBytes)
            : response;
}
