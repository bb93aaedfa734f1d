using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Local.Dashboard.Resources;

/// <summary>What the resources page asks for: commands, and a secret that somebody wants to see after all.</summary>
internal static class ResourceEndpoints
{
    internal static void MapResources(this IEndpointRouteBuilder app)
    {
        app.MapPost("/api/resources/{name}/{command}", CommandAsync);
        app.MapGet("/api/resources/{name}/environment/{variable}", Reveal);
    }

    private static async Task<IResult> CommandAsync(string name, string command, IResourceView resources, CancellationToken cancel)
    {
        if (!Enum.TryParse<ResourceCommand>(command, ignoreCase: true, out var order) || !Enum.IsDefined(order))
            return Answer($"There is no command '{command}'.", StatusCodes.Status404NotFound);
        if (resources.Current.FirstOrDefault(r => r.Name == name) is not { } resource)
            return Answer($"There is no resource '{name}'.", StatusCodes.Status404NotFound);
        if (order is ResourceCommand.Start ? !resource.CanStart : !resource.CanStop)
            return Answer($"{name} is {ResourceState.Of(resource).Word.ToLowerInvariant()}: nothing to {command.ToLowerInvariant()}.", StatusCodes.Status409Conflict);
        await resources.ExecuteAsync(name, order, cancel);
        return Answer(order switch
        {
            ResourceCommand.Start => $"{name} is starting.",
            ResourceCommand.Stop => $"{name} has stopped.",
            ResourceCommand.Restart => $"{name} has stopped and is starting again.",
            _ => throw new InvalidOperationException($"No answer to {order}."),
        });
    }

    private static IResult Reveal(HttpContext context, string name, string variable, IResourceView resources)
    {
        context.Response.Headers.CacheControl = "no-store";
        return resources.Current.FirstOrDefault(r => r.Name == name)?.Environment.FirstOrDefault(v => v.Name == variable) is { } found
            ? Answer(found.Value)
            : Answer("There is no such variable.", StatusCodes.Status404NotFound);
    }

    private static IResult Answer(string text, int status = StatusCodes.Status200OK) => Results.Text(text, "text/plain", statusCode: status);
}
