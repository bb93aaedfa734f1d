using System.Net.Http.Headers;
using System.Net.Http.Json;

namespace LoadTests.Drills;

/// <summary>What an operator does with one service's dead letters.</summary>
internal sealed class DeadLetters : IDisposable
{
    private readonly HttpClient http;

    private DeadLetters(HttpClient http) => this.http = http;

    internal sealed record Letter(string Id, string? MessageType, int? Attempts, string? Error);

    public static async Task<DeadLetters> OfAsync(Uri service, Uri queue, CancellationToken cancel)
    {
        using var signIn = new HttpClient { BaseAddress = queue };
        using var answer = await signIn.PostAsJsonAsync("api/v1/dev/sign-in", new { userId = 1, admin = true }, cancel);
        var token = (await answer.EnsureSuccessStatusCode().Content.ReadFromJsonAsync<Token>(cancel))!;
        return new DeadLetters(new HttpClient { BaseAddress = service, DefaultRequestHeaders = { Authorization = new AuthenticationHeaderValue("Bearer", token.Value) } });
    }

    public async Task<IReadOnlyList<Letter>> ListAsync(CancellationToken cancel) =>
        (await http.GetFromJsonAsync<Page>("api/v1/admin/dead-letters", cancel))!.Items;

    /// <summary>How many wait still.</summary>
    public async Task<int> ReplayAsync(CancellationToken cancel)
    {
        using var answer = await http.PostAsJsonAsync("api/v1/admin/dead-letters/replay", new { all = true }, cancel);
        return (await answer.EnsureSuccessStatusCode().Content.ReadFromJsonAsync<Replay>(cancel))!.Remaining;
    }

    public void Dispose() => http.Dispose();

    private sealed record Token([property: System.Text.Json.Serialization.JsonPropertyName("token")] string Value);

    private sealed record Page(Letter[] Items);

    private sealed record Replay(int Remaining);
}
