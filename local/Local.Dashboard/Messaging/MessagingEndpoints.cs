using System.Text.Json;
using Local.Dashboard.Services;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Local.Dashboard.Messaging;

/// <summary>An operator's answer to a dead letter: let its service try it again.</summary>
internal static class MessagingEndpoints
{
    internal static void MapMessaging(this IEndpointRouteBuilder app) => app.MapPost("/api/messaging/{service}/replay", ReplayAsync);

    private static async Task<IResult> ReplayAsync(string service, HttpRequest request, ServiceClient services, MessagingReader messaging, CancellationToken cancel)
    {
        var form = await request.ReadFormAsync(cancel);
        object body = form["id"].ToString() is { Length: > 0 } id ? new { ids = new[] { id } } : new { all = true };
        try
        {
            var result = await services.AskAsAdminAsync<Result>(service, HttpMethod.Post, "/api/v1/admin/dead-letters/replay", body, cancel);
            if (result is null)
                return Answer($"{service} has no such dead letter any more.", StatusCodes.Status404NotFound);
            return result.Failed.Count == 0
                ? Answer($"{service} took {result.Replayed.Count} replayed {(result.Replayed.Count == 1 ? "message" : "messages")}; {result.Remaining} left.")
                : Answer($"{result.Replayed.Count} took effect, {result.Failed.Count} failed again: {result.Failed[0].Error}", StatusCodes.Status409Conflict);
        }
        catch (Exception e) when (e is HttpRequestException or TaskCanceledException or JsonException && !cancel.IsCancellationRequested)
        {
            return Answer($"{service} did not do it: {e.Message}", StatusCodes.Status502BadGateway);
        }
        finally
        {
            messaging.Now.Forget();
        }
    }

    private static IResult Answer(string text, int status = StatusCodes.Status200OK) => Results.Text(text, "text/plain", statusCode: status);

    private sealed record Result(IReadOnlyList<string> Replayed, IReadOnlyList<Failure> Failed, int Remaining);

    private sealed record Failure(string Id, string Error);
}
