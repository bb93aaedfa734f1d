using System.Net.Http.Json;

namespace LoadTests.Books;

/// <summary>A gateway's own entries, page by page.</summary>
internal static class GatewayBooks
{
    private const int PageSize = 1_000;

    /// <param name="Key">Ours: the payment and the gateway's name.</param>
    internal sealed record Entry(string Key, long Amount, string Status, int Approvals);

    internal sealed record Page(Entry[] Items, int Total);

    public static Guid PaymentOf(string key) => Guid.TryParse(key.Split(':')[0], out var payment) ? payment : Guid.Empty;

    public static async Task<IReadOnlyList<Entry>> ReadAsync(Uri gateway, CancellationToken cancel)
    {
        using var http = new HttpClient { BaseAddress = gateway, Timeout = TimeSpan.FromSeconds(30) };
        var entries = new List<Entry>();
        for (var number = 1; ; number++)
        {
            var page = (await http.GetFromJsonAsync<Page>($"books?page={number}&size={PageSize}", cancel))!;
            entries.AddRange(page.Items);
            if (page.Items.Length < PageSize) return entries;
        }
    }
}
