using System.Text.Json;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.Extensions.Options;
using QueueService.Domain;
using ServiceDefaults.Overload;
using ServiceDefaults.Problems;
using ServiceDefaults.Redis;
using ServiceDefaults.Tokens;

namespace QueueService.Features;

/// <summary>
/// The place in line as server-sent events. Listeners read the line as this replica last saw it, which costs Redis one reading
/// per line and step however many they are; only whose turn comes asks for itself.
/// </summary>
public static class StreamPosition
{
    public static void Map(IEndpointRouteBuilder api) =>
        api.MapGet("/queue/tokens/{token}/events", HandleAsync)
            .WithoutLoadShedding()
            .WithSummary("The same as server-sent events, whenever it changes")
            .Produces<PlaceInLine>(StatusCodes.Status200OK, "text/event-stream")
            .ProducesProblems(StatusCodes.Status404NotFound, StatusCodes.Status503ServiceUnavailable);

    private static async Task<IResult> HandleAsync(
        string token, HttpContext context, TokenSigner tokens, Audience audience, PlaceStream stream, IHostApplicationLifetime host)
    {
        if (!tokens.TryVerify(token, out QueueToken receipt))
            return Problem.NotFound("token");
        using var seat = audience.Join(receipt);
        if (seat is null)
            return Problem.Overloaded("Too many streams are open; poll instead.", TimeSpan.FromSeconds(5));

        // A service that stops ends its streams; the browsers come back to another replica.
        using var end = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, host.ApplicationStopping);
        try
        {
            await stream.WriteAsync(receipt, token, context.Response, end.Token);
        }
        catch (OperationCanceledException) when (end.IsCancellationRequested)
        {
            // The listener went away: that is how streams end.
        }
        return Results.Empty;
    }
}

/// <summary>Writes a listener's place whenever it changes, until the ticket has served.</summary>
public sealed class PlaceStream(Lines lines, LineMemory memory, PlaceClerk clerk, IOptions<JsonOptions> json, TimeProvider time)
{
    private static readonly TimeSpan Heartbeat = TimeSpan.FromSeconds(15);

    public async Task WriteAsync(QueueToken token, string receipt, HttpResponse response, CancellationToken ct)
    {
        var place = await AskAsync(token, receipt, ct);
        response.ContentType = "text/event-stream";
        response.Headers.CacheControl = "no-store";
        await SendAsync(place);
        while (place.Status is TicketStatus.Waiting or TicketStatus.Admitted)
        {
            var pause = TimeSpan.FromMilliseconds(place.PollAfterMs);
            await Task.Delay(pause < Heartbeat ? pause : Heartbeat, time, ct);
            var next = await NextAsync(place, token, ct);
            await (Differs(place, next) ? SendAsync(next) : WriteTextAsync(": still here\n\n"));
            place = next;
        }

        Task SendAsync(PlaceInLine now) => WriteTextAsync($"data: {JsonSerializer.Serialize(now, json.Value.SerializerOptions)}\n\n");

        async Task WriteTextAsync(string text)
        {
            await response.WriteAsync(text, ct);
            await response.Body.FlushAsync(ct);
        }
    }

    private async Task<PlaceInLine> NextAsync(PlaceInLine last, QueueToken token, CancellationToken ct)
    {
        try
        {
            return last.Status == TicketStatus.Waiting && memory.Recall(token.ConcertId) is { } line && Waits(line, token)
                ? clerk.Waiting(line, token, last.Token)
                : await AskAsync(token, last.Token, ct);
        }
        catch (RedisUnavailableException)
        {
            // The stream stays open: who holds on is told as soon as the line moves again.
            return last;
        }
    }

    private async Task<PlaceInLine> AskAsync(QueueToken token, string receipt, CancellationToken ct)
        => clerk.Show(await lines.CheckAsync(token, ct), token, receipt);

    // A ticket of another life than the line's is not on the numbers that all share.
    private static bool Waits(LineView line, in QueueToken token) => line.Epoch == token.Epoch && line.IsAhead(token.Ticket);

    private static bool Differs(PlaceInLine a, PlaceInLine b) => a.Status != b.Status || a.Position != b.Position || a.ExpiresAt != b.ExpiresAt;
}
