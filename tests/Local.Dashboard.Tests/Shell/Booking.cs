using System.Net.Http.Headers;
using System.Net.Http.Json;

namespace Local.Dashboard.Tests.Shell;

/// <summary>What a user does, for the pages to show.</summary>
internal static class Booking
{
    /// <summary>Tests that book, and the one that makes booking impossible for a moment, one after the other.</summary>
    internal const string Collection = "Bookings";

    internal static async Task TakeTicketAsync(HttpClient queue, long userId, long concertId)
    {
        var user = await PostAsync(queue, "/api/v1/dev/sign-in", new { userId }, bearer: null);
        await PostAsync(queue, "/api/v1/queue/tokens", new { concertId }, user.Token);
    }

    private static async Task<Answer> PostAsync(HttpClient client, string path, object body, string? bearer)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = JsonContent.Create(body) };
        request.Headers.Authorization = bearer is null ? null : new AuthenticationHeaderValue("Bearer", bearer);
        using var answer = await client.SendAsync(request);
        answer.EnsureSuccessStatusCode();
        return (await answer.Content.ReadFromJsonAsync<Answer>())!;
    }

    private sealed record Answer(string Token);
}
