using System.Globalization;
using System.Text;
using Contracts;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using ServiceDefaults.Authentication;
using ServiceDefaults.Problems;

namespace Messaging;

/// <summary>What this service's consumers gave up on and nobody has replayed, newest first.</summary>
internal static class ListDeadLetters
{
    private const int LargestPage = 200;

    /// <param name="Id">Names it in a replay.</param>
    /// <param name="Payload">The value as text; where it is none, with replacement characters.</param>
    internal sealed record Item(
        string Id, string Topic, string Group, int? Partition, long? Offset, string? Key, string? MessageId, string? MessageType,
        DateTimeOffset? OccurredAt, DateTimeOffset? FailedAt, int? Attempts, string? Error, string? Payload);

    internal sealed record Answer(IReadOnlyList<Item> Items, int Page, int Size, int Total);

    public static void Map(IEndpointRouteBuilder app) =>
        app.MapGet("/api/v1/admin/dead-letters", HandleAsync)
            .WithSummary("What this service's consumers gave up on, newest first")
            .RequireAdmin()
            .ProducesProblems(StatusCodes.Status400BadRequest, StatusCodes.Status503ServiceUnavailable);

    private static async Task<Results<Ok<Answer>, ProblemResult>> HandleAsync(
        IEnumerable<DeadLetterLog> logs, CancellationToken cancel, int page = 1, int size = 50)
    {
        if (page < 1)
            return Problem.Invalid("page", "Pages are counted from 1.");
        if (size is < 1 or > LargestPage)
            return Problem.Invalid("size", $"A page has 1 to {LargestPage} dead letters.");
        var open = new List<DeadLetter>();
        foreach (var log in logs)
            open.AddRange(await log.ReadOpenAsync(cancel));
        var items = open.Select(Describe).OrderByDescending(i => i.FailedAt).Skip((int)Math.Min((page - 1L) * size, int.MaxValue)).Take(size);
        return TypedResults.Ok(new Answer([.. items], page, size, open.Count));
    }

    private static Item Describe(DeadLetter letter) => new(
        letter.Id,
        letter.Header(DeadLetterHeaders.Topic) ?? "",
        letter.Header(DeadLetterHeaders.Group) ?? "",
        int.TryParse(letter.Header(DeadLetterHeaders.Partition), out var partition) ? partition : null,
        long.TryParse(letter.Header(DeadLetterHeaders.Offset), out var offset) ? offset : null,
        Text(letter.Key),
        letter.Header(MessageHeaders.MessageId),
        letter.Header(MessageHeaders.MessageType),
        Moment(letter.Header(MessageHeaders.OccurredAt)),
        Moment(letter.Header(DeadLetterHeaders.FailedAt)),
        int.TryParse(letter.Header(DeadLetterHeaders.Attempts), out var attempts) ? attempts : null,
        letter.Header(DeadLetterHeaders.Error),
        Text(letter.Value));

    private static string? Text(byte[]? bytes) => bytes is null ? null : Encoding.UTF8.GetString(bytes);

    private static DateTimeOffset? Moment(string? text) =>
        DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.None, out var moment) ? moment : null;
}
