using System.Net;
using System.Text;
using System.Text.Json;
using NBomber.Contracts;
using NBomber.CSharp;

namespace NBomber.Http.CSharp;

/// <summary>Sends HTTP requests and turns their answers into measured responses.</summary>
public static class Http
{
    public static JsonSerializerOptions GlobalJsonSerializerOptions { get; set; } = new(JsonSerializerDefaults.Web);

    public static HttpClient CreateDefaultClient(int maxConnectionsPerServer = 5000) =>
        new(new SocketsHttpHandler { MaxConnectionsPerServer = maxConnectionsPerServer, PooledConnectionLifetime = Timeout.InfiniteTimeSpan })
        {
            Timeout = TimeSpan.FromMinutes(1),
        };

    public static HttpRequestMessage CreateRequest(string method, string url) => new(new HttpMethod(method), new Uri(url, UriKind.RelativeOrAbsolute));

    public static HttpRequestMessage WithHeader(this HttpRequestMessage request, string name, string value)
    {
        request.Headers.TryAddWithoutValidation(name, value);
        return request;
    }

    public static HttpRequestMessage WithVersion(this HttpRequestMessage request, string version)
    {
        request.Version = Version.Parse(version);
        return request;
    }

    public static HttpRequestMessage WithBody(this HttpRequestMessage request, HttpContent body)
    {
        request.Content = body;
        return request;
    }

    public static HttpRequestMessage WithJsonBody<T>(this HttpRequestMessage request, T data, JsonSerializerOptions? options = null)
    {
        request.Content = new StringContent(JsonSerializer.Serialize(data, options ?? GlobalJsonSerializerOptions), Encoding.UTF8, "application/json");
        return request;
    }

    public static Task<Response<HttpResponseMessage>> Send(HttpClient client, HttpRequestMessage request) =>
        Send(client, HttpClientArgs.Create(CancellationToken.None), request);

    public static async Task<Response<HttpResponseMessage>> Send(HttpClient client, HttpClientArgs clientArgs, HttpRequestMessage request)
    {
        var response = await client.SendAsync(request, clientArgs.HttpCompletion, clientArgs.CancellationToken);
        var size = SizeOf(request.Headers) + SizeOf(request.Content?.Headers) + (request.Content?.Headers.ContentLength ?? 0)
            + SizeOf(response.Headers) + SizeOf(response.Content.Headers) + (response.Content.Headers.ContentLength ?? 0);
        return response.IsSuccessStatusCode
            ? Response.Ok(response, NameOf(response.StatusCode), size)
            : Response.Fail(response, NameOf(response.StatusCode), response.ReasonPhrase ?? "", size);
    }

    private static string NameOf(HttpStatusCode code) => code.ToString();

    private static long SizeOf(System.Net.Http.Headers.HttpHeaders? headers)
    {
        if (headers is null) return 0;
        long size = 0;
        foreach (var (name, values) in headers.NonValidated)
        {
            foreach (var value in values) size += name.Length + value.Length + 4;
        }
        return size;
    }
}
