using System.Text.Json;
using QueueService.Domain;
using ServiceDefaults.Overload;
using ServiceDefaults.Problems;
using ServiceDefaults.Tokens;

namespace QueueService.Features;

/// <summary>
/// The place in line as server-sent events. Listeners read the line as this replica last saw it, which costs Redis one reading
/// per line and step however many they are; only whose turn comes asks for itself.
/// </summary>
public static class StreamPosition
{
    private static readonly TimeSpan Heartbeat = TimeSpan.FromSeconds(15);

    public static void Map(IEndpointRouteBuilder api) =>
        api.MapGet("/queue/tokens/{token}/events", HandleAsync)
            .WithoutLoadShedding()
            .WithSummary("The same as server-sent events, whenever it changes")
            .Produces<PlaceInLine>(StatusCodes.Status200OK, "text/event-stream")
            .ProducesProblems(StatusCodes.Status404NotFound, StatusCodes.Status503ServiceUnavailable);

    private static async Task<IResult> HandleAsync(
        string token, HttpContext context, TokenSigner tokens, Lines lines, LineMemory memory, Audience audience, PlaceClerk clerk,
        IHostApplicationLifetime host, TimeProvider time)
    {
        if (!tokens.TryVerify(token, out QueueToken receipt))
            return Problem.NotFound("token");
        // A service that stops ends its streams; the browsers come back to another replica.
        using var end = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, host.ApplicationStopping);
        var ct = end.Token;
        using var seat = audience.Join(receipt);
        if (seat is null)
            return Problem.Overloaded("Too many streams are open; poll instead.", TimeSpan.FromSeconds(5));

        try
        {
            await FollowAsync(token, receipt, context.Response, lines, memory, clerk, time, ct);
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            // The listener went away: that is how streams end.
        }
        return Results.Empty;
    }

    private static async Task FollowAsync(
        string token, QueueToken receipt, HttpResponse response, Lines lines, LineMemory memory, PlaceClerk clerk, TimeProvider time, CancellationToken ct)
    {
        var place = clerk.Show(await lines.CheckAsync(receipt, ct), receipt, token);
        response.ContentType = "text/event-stream";
        response.Headers.CacheControl = "no-store";
        await SendAsync(response, place, ct);
        while (place.Status is TicketStatus.Waiting or TicketStatus.Admitted)
        {
            var pause = TimeSpan.FromMilliseconds(place.PollAfterMs);
            await Task.Delay(pause < Heartbeat ? pause : Heartbeat, time, ct);
            var next = place.Status == TicketStatus.Waiting && memory.Recall(receipt.ConcertId) is { } line && Waits(line, receipt)
                ? clerk.Waiting(line, receipt, token)
                : clerk.Show(await lines.CheckAsync(receipt, ct), receipt, token);
            await (Differs(place, next) ? SendAsync(response, next, ct) : BeatAsync(response, ct));
            place = next;
        }
    }

    // A ticket of another life than the line's is not on the numbers that all share.
    private static bool Waits(LineView line, in QueueToken token) => line.Epoch == token.Epoch && line.IsAhead(token.Ticket);

    private static bool Differs(PlaceInLine a, PlaceInLine b) => a.Status != b.Status || a.Position != b.Position || a.ExpiresAt != b.ExpiresAt;

    private static async Task SendAsync(HttpResponse response, PlaceInLine place, CancellationToken ct)
    {
        await response.WriteAsync($"data: {JsonSerializer.Serialize(place, QueueJson.Default.PlaceInLine)}\n\n", ct);
        await response.Body.FlushAsync(ct);
    }

    private static async Task BeatAsync(HttpResponse response, CancellationToken ct)
    {
        await response.WriteAsync(": still here\n\n", ct);
        await response.Body.FlushAsync(ct);
    }
}
