using ServiceDefaults.Problems;

namespace QueueService.Features;

/// <summary>A line in numbers.</summary>
/// <param name="Issued">The last ticket number given out.</param>
/// <param name="Serving">The last number that was called.</param>
/// <param name="Waiting">Users who wait and are still there.</param>
/// <param name="Active">Users with a place.</param>
/// <param name="AdmittedPerSecond">As measured lately.</param>
public sealed record LineAnswer(long Issued, long Serving, long Waiting, long Active, long MaxActive, double AdmittedPerSecond);

/// <summary>Anybody may see how a line moves.</summary>
public static class ShowLine
{
    public static void Map(IEndpointRouteBuilder api) =>
        api.MapGet("/queue/lines/{concertId}", HandleAsync)
            .WithSummary("A line in numbers")
            .Produces<LineAnswer>()
            .ProducesProblems(StatusCodes.Status400BadRequest, StatusCodes.Status503ServiceUnavailable);

    private static async Task<IResult> HandleAsync(long concertId, Lines lines, TimeProvider time, CancellationToken ct)
    {
        if (concertId <= 0)
            return Problem.Invalid("concertId", "A concert's id is a positive number.");
        var line = await lines.StepAsync(concertId, ct);
        return TypedResults.Ok(new LineAnswer(
            line.Issued, line.Serving, line.Waiting, line.Active, line.Limits.MaxActive, Math.Round(line.AdmittedPerSecond(time.GetUtcNow()), 2)));
    }
}
