namespace ServiceDefaults.Commands;

/// <summary>
/// <c>--probe URL</c>: asks the service beside it whether it is well, and ends. An image without a shell has nothing else to ask with.
/// </summary>
public static class HealthProbe
{
    private const string Switch = "--probe";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(4);

    public static bool IsAsked(string[] args) => args is [Switch, _];

    /// <summary>The exit code: 0 when the answer is a success.</summary>
    public static async Task<int> RunAsync(string[] args)
    {
        if (!Uri.TryCreate(args[1], UriKind.Absolute, out var url))
        {
            await Console.Error.WriteLineAsync($"{Switch} needs a URL, not '{args[1]}'.");
            return 2;
        }
        using var http = new HttpClient { Timeout = Patience };
        try
        {
            using var response = await http.GetAsync(url, HttpCompletionOption.ResponseHeadersRead);
            return response.IsSuccessStatusCode ? 0 : 1;
        }
        catch (Exception e) when (e is HttpRequestException or TaskCanceledException)
        {
            await Console.Error.WriteLineAsync(e.Message);
            return 1;
        }
    }
}
