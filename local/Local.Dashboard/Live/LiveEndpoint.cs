using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Local.Dashboard.Live;

/// <summary>Server-sent events without content: "look again". The browser fetches its own page and patches what differs.</summary>
internal static class LiveEndpoint
{
    private const int MostTopics = 10;
    private static readonly TimeSpan AtMostEvery = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan Heartbeat = TimeSpan.FromSeconds(15);

    internal static void MapLive(this IEndpointRouteBuilder app) => app.MapGet("/live", FollowAsync);

    private static async Task FollowAsync(HttpContext context, LiveChanges changes, TimeProvider time, string[] topic)
    {
        context.Response.ContentType = "text/event-stream";
        context.Response.Headers.CacheControl = "no-store";
        using var watch = changes.Begin(topic.Distinct(StringComparer.Ordinal).Take(MostTopics).ToList());
        var gone = context.RequestAborted;
        try
        {
            await context.Response.WriteAsync(": here\n\n", gone);
            await context.Response.Body.FlushAsync(gone);
            while (true)
            {
                using var quiet = CancellationTokenSource.CreateLinkedTokenSource(gone);
                quiet.CancelAfter(Heartbeat);
                var message = "data: changed\n\n";
                try
                {
                    await watch.WaitAsync(quiet.Token);
                }
                catch (OperationCanceledException) when (!gone.IsCancellationRequested)
                {
                    message = ": still here\n\n"; // Finds out that the browser is gone.
                }
                await context.Response.WriteAsync(message, gone);
                await context.Response.Body.FlushAsync(gone);
                await Task.Delay(AtMostEvery, time, gone);
            }
        }
        catch (OperationCanceledException) when (gone.IsCancellationRequested)
        {
            // The page was closed.
        }
    }
}
