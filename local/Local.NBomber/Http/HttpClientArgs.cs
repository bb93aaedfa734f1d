using System.Text.Json;
using Serilog;

namespace NBomber.Http;

/// <summary>How one request is sent.</summary>
public sealed record HttpClientArgs
{
    public CancellationToken CancellationToken { get; private init; }
    public HttpCompletionOption HttpCompletion { get; private init; }
    public JsonSerializerOptions? JsonOptions { get; private init; }
    public ILogger? Logger { get; private init; }

    public static HttpClientArgs Create(
        CancellationToken cancellationToken, HttpCompletionOption httpCompletion = HttpCompletionOption.ResponseContentRead, JsonSerializerOptions? jsonOptions = null, ILogger? logger = null) =>
        new() { CancellationToken = cancellationToken, HttpCompletion = httpCompletion, JsonOptions = jsonOptions, Logger = logger };
}
