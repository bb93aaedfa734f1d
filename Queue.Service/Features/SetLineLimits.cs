using System.Security.Cryptography;
using System.Text.Json.Serialization;
using QueueService.Domain;
using ServiceDefaults.Authentication;
using ServiceDefaults.Problems;

namespace QueueService.Features;

/// <summary>All limits of a line; none is kept from before.</summary>
/// <param name="OpensAt">The sale opens then; who comes before is shuffled at the opening. Absent: it is open.</param>
public sealed record LimitsRequest(long MaxActive, double AdmitPerSecond, bool Paused, DateTimeOffset? OpensAt = null);

public sealed record LimitsAnswer(
    long MaxActive, double AdmitPerSecond, bool Paused, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] DateTimeOffset? OpensAt);

/// <summary>An operator pauses a line, throttles it, opens it for all, or sets the hour of the sale.</summary>
public static class SetLineLimits
{
    private const long MostActive = 10_000_000;
    private const double MostPerSecond = 1_000_000;
    private const int SeedBytes = 16;

    public static void Map(IEndpointRouteBuilder api) =>
        api.MapPut("/admin/lines/{concertId}", HandleAsync)
            .RequireAdmin()
            .WithSummary("Set a line's limits, pause it, or set the hour of the sale")
            .Produces<LimitsAnswer>()
            .ProducesProblems(
                StatusCodes.Status400BadRequest, StatusCodes.Status409Conflict, StatusCodes.Status413PayloadTooLarge, StatusCodes.Status415UnsupportedMediaType, StatusCodes.Status503ServiceUnavailable);

    private static async Task<IResult> HandleAsync(long concertId, LimitsRequest request, Lines lines, TimeProvider time, CancellationToken ct)
    {
        if (Fault(concertId, request) is { } fault)
            return fault;

        var opensAt = request.OpensAt > time.GetUtcNow() ? request.OpensAt : null;
        var limits = new LineLimits(request.MaxActive, request.AdmitPerSecond, request.Paused, opensAt, RandomNumberGenerator.GetHexString(2 * SeedBytes));
        return await lines.SetLimitsAsync(concertId, limits, ct)
            ? TypedResults.Ok(new LimitsAnswer(limits.MaxActive, limits.AdmitPerSecond, limits.Paused, opensAt))
            : Problem.Of(StatusCodes.Status409Conflict, "sale-open", "Users of the last opening still wait: a new one would shuffle them again.");
    }

    private static ProblemResult? Fault(long concertId, LimitsRequest request)
    {
        if (concertId <= 0)
            return Problem.Invalid("concertId", "A concert's id is a positive number.");
        if (request.MaxActive is < 0 or > MostActive)
            return Problem.Invalid("maxActive", $"Between 0 and {MostActive}.");
        return request.AdmitPerSecond is >= 0 and <= MostPerSecond
            ? null
            : Problem.Invalid("admitPerSecond", $"Between 0 and {MostPerSecond}.");
    }
}
