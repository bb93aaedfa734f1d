using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using Local.Dashboard.Resources;

namespace Local.Dashboard.Services;

/// <summary>Talks to the application's services as an operator would, by their public interfaces.</summary>
internal sealed class ServiceClient(IResourceView resources) : IDisposable
{
    /// <summary>Where an operator signs in.</summary>
    private const string SignInAt = "queue";
    private const long Operator = 1;

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);
    private readonly HttpClient _http = new() { Timeout = TimeSpan.FromSeconds(3) };
    private volatile string? _token;

    public void Dispose() => _http.Dispose();

    /// <summary>Projects that answer HTTP and run now.</summary>
    public IReadOnlyList<ResourceSnapshot> Running =>
        resources.Current.Where(r => r is { Type: "Project", State: "Running" } && AddressOf(r) is not null).ToList();

    public async Task<T> GetAsync<T>(string service, string path, CancellationToken cancel)
    {
        using var answer = await _http.GetAsync(Address(service, path), cancel);
        answer.EnsureSuccessStatusCode();
        return (await answer.Content.ReadFromJsonAsync<T>(Json, cancel))!;
    }

    /// <summary>As an admin. Null where the service has no such page.</summary>
    public async Task<T?> AskAsAdminAsync<T>(string service, HttpMethod method, string path, object? body, CancellationToken cancel) where T : class
    {
        for (var again = false; ; again = true)
        {
            using var request = new HttpRequestMessage(method, Address(service, path));
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", _token ??= await SignInAsync(cancel));
            request.Content = body is null ? null : JsonContent.Create(body, options: Json);
            using var answer = await _http.SendAsync(request, cancel);
            if (answer.StatusCode is HttpStatusCode.NotFound)
                return null;
            if (answer.StatusCode is HttpStatusCode.Unauthorized && !again)
            {
                _token = null; // Of another run's key, or a day old.
                continue;
            }
            if (!answer.IsSuccessStatusCode)
                throw new HttpRequestException($"{service} answered {(int)answer.StatusCode}: {await answer.Content.ReadAsStringAsync(cancel)}");
            return await answer.Content.ReadFromJsonAsync<T>(Json, cancel);
        }
    }

    /// <summary>What every replica of a service counts; those that do not answer are left out.</summary>
    public async Task<IReadOnlyList<MetricSample>> MetricsAsync(ResourceSnapshot service, CancellationToken cancel)
    {
        var pages = await Task.WhenAll(service.Replicas.SelectMany(r => r.Urls).Where(IsHttp).Select(url => TextAsync(url + "/metrics", cancel)));
        return pages.OfType<string>().SelectMany(MetricsText.Parse).ToList();
    }

    private async Task<string?> TextAsync(string url, CancellationToken cancel)
    {
        try
        {
            return await _http.GetStringAsync(new Uri(url), cancel);
        }
        catch (Exception e) when (e is HttpRequestException or TaskCanceledException && !cancel.IsCancellationRequested)
        {
            return null;
        }
    }

    private async Task<string> SignInAsync(CancellationToken cancel)
    {
        using var answer = await _http.PostAsJsonAsync(Address(SignInAt, "/api/v1/dev/sign-in"), new { userId = Operator, admin = true }, Json, cancel);
        answer.EnsureSuccessStatusCode();
        return (await answer.Content.ReadFromJsonAsync<SignedIn>(Json, cancel))!.Token;
    }

    private Uri Address(string service, string path) =>
        resources.Current.FirstOrDefault(r => r.Name == service) is { } resource && AddressOf(resource) is { } url
            ? new Uri(url + path)
            : throw new HttpRequestException($"There is no service '{service}' that answers HTTP.");

    private static string? AddressOf(ResourceSnapshot resource) => resource.Urls.FirstOrDefault(IsHttp);

    private static bool IsHttp(string url) => url.StartsWith("http", StringComparison.Ordinal);

    private sealed record SignedIn(string Token);
}
