using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using ServiceDefaults.Authentication;
using ServiceDefaults.Problems;

namespace Messaging;

/// <summary>
/// Gives dead letters to this service's own consumers once more, here and now: no other group sees them again. One that fails again
/// stays where it is. One that succeeds is marked; should the mark get lost, the inbox still lets no message take effect twice.
/// </summary>
internal static class ReplayDeadLetters
{
    private const int Most = 500;

    /// <param name="Ids">Which, as the list names them; at most 500.</param>
    /// <param name="All">The oldest 500 instead.</param>
    internal sealed record Request(string[]? Ids = null, bool All = false);

    /// <param name="Replayed">These took effect.</param>
    /// <param name="Failed">These failed again, and stay.</param>
    /// <param name="Remaining">So many wait still.</param>
    internal sealed record Answer(IReadOnlyList<string> Replayed, IReadOnlyList<Failure> Failed, int Remaining);

    internal sealed record Failure(string Id, string Error);

    public static void Map(IEndpointRouteBuilder app) =>
        app.MapPost("/api/v1/admin/dead-letters/replay", HandleAsync)
            .WithSummary("Give dead letters to this service's consumers once more")
            .RequireAdmin()
            .ProducesProblems(
                StatusCodes.Status400BadRequest, StatusCodes.Status404NotFound, StatusCodes.Status413PayloadTooLarge, StatusCodes.Status415UnsupportedMediaType, StatusCodes.Status503ServiceUnavailable);

    private static async Task<Results<Ok<Answer>, ProblemResult>> HandleAsync(Request request, IEnumerable<DeadLetterReplay> replays, CancellationToken cancel)
    {
        if (request.All == request.Ids is { Length: > 0 })
            return Problem.Invalid("ids", "Say either ids or all.");
        if (request.Ids?.Contains(null!) is true)
            return Problem.Invalid("ids", "None of them may be null.");
        if (request.Ids is { Length: > Most })
            return Problem.Invalid("ids", $"At most {Most} at a time.");

        var open = new List<(DeadLetter Letter, DeadLetterReplay Replay)>();
        foreach (var replay in replays)
            open.AddRange((await replay.Log.ReadOpenAsync(cancel)).Select(letter => (letter, replay)));
        var wanted = request.Ids?.ToHashSet(StringComparer.Ordinal);
        var chosen = wanted is null ? open.Take(Most).ToList() : open.FindAll(o => wanted.Contains(o.Letter.Id));
        if (wanted is not null && chosen.Count < wanted.Count)
            return Problem.NotFound("dead letter waiting: " + wanted.Except(chosen.Select(c => c.Letter.Id), StringComparer.Ordinal).First());

        var replayed = new List<string>();
        var failed = new List<Failure>();
        foreach (var (letter, replay) in chosen)
        {
            if (await replay.TryAsync(letter, cancel) is { } error)
                failed.Add(new Failure(letter.Id, error.Message));
            else
                replayed.Add(letter.Id);
        }
        return TypedResults.Ok(new Answer(replayed, failed, open.Count - replayed.Count));
    }
}

/// <summary>What it takes to replay the dead letters of one subscription.</summary>
internal sealed class DeadLetterReplay(Subscription subscription, DeadLetterLog log, MessageEffect effect, DeadLetterWriter writer, TimeProvider time)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    public DeadLetterLog Log => log;

    /// <summary>Why it failed again; null when it took effect.</summary>
    public async Task<Exception?> TryAsync(DeadLetter letter, CancellationToken cancel)
    {
        try
        {
            // What nobody cares for any more is done with, too.
            if (ReceivedMessage.TryRead(letter.Original(), subscription, out var message))
                await effect.ApplyAsync([message], cancel);
        }
        catch (Exception e) when (!cancel.IsCancellationRequested && !InfrastructureFailures.IsAway(e))
        {
            return e;
        }
        await writer.MarkReplayedAsync(letter.Offset, cancel).WaitAsync(Patience, time, cancel);
        return null;
    }
}
