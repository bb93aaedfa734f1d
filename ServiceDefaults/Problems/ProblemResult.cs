using System.Buffers;
using System.Diagnostics;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Microsoft.Net.Http.Headers;

namespace ServiceDefaults.Problems;

/// <summary>An answer that says what is wrong, as RFC 9457 problem details.</summary>
public sealed class ProblemResult : IResult, IStatusCodeHttpResult, IContentTypeHttpResult
{
    public const string MediaType = "application/problem+json";
    private const string TypePrefix = "urn:concert:problem:";

    internal ProblemResult(int status, string name, string detail, TimeSpan? retryAfter, IReadOnlyDictionary<string, object?>? extensions)
    {
        Status = status;
        Name = name;
        Detail = detail;
        RetryAfter = retryAfter;
        Extensions = extensions;
    }

    public int Status { get; }

    /// <summary>The stable kebab-case name that programs look at.</summary>
    public string Name { get; }

    public string Type => TypePrefix + Name;

    public string Title => char.ToUpperInvariant(Name[0]) + Name[1..].Replace('-', ' ');

    public string Detail { get; }

    public TimeSpan? RetryAfter { get; }

    public IReadOnlyDictionary<string, object?>? Extensions { get; }

    int? IStatusCodeHttpResult.StatusCode => Status;

    string IContentTypeHttpResult.ContentType => MediaType;

    public async Task ExecuteAsync(HttpContext httpContext)
    {
        var response = httpContext.Response;
        response.StatusCode = Status;
        response.ContentType = MediaType;
        if (RetryAfter is { } wait)
            response.Headers.RetryAfter = Math.Max(1, (long)Math.Ceiling(wait.TotalSeconds)).ToString();
        if (Status == StatusCodes.Status401Unauthorized)
            response.Headers.Append(HeaderNames.WWWAuthenticate, "Bearer");
        if (HttpMethods.IsHead(httpContext.Request.Method))
            return;

        // One write with its length, instead of chunks: refusals are many just when the service is busy.
        var body = Write(TraceId ?? httpContext.TraceIdentifier, httpContext.RequestServices.GetRequiredService<IOptions<JsonOptions>>().Value.SerializerOptions);
        response.ContentLength = body.WrittenCount;
        await response.BodyWriter.WriteAsync(body.WrittenMemory, httpContext.RequestAborted);
    }

    /// <summary>The body, to be stored as the answer that a repeated request gets.</summary>
    public string ToJson() => Encoding.UTF8.GetString(Write(TraceId ?? "", JsonSerializerOptions.Web).WrittenSpan);

    private static string? TraceId => Activity.Current?.TraceId.ToHexString();

    private ArrayBufferWriter<byte> Write(string traceId, JsonSerializerOptions options)
    {
        var body = new ArrayBufferWriter<byte>(512);
        using var json = new Utf8JsonWriter(body);
        json.WriteStartObject();
        json.WriteString("type", Type);
        json.WriteString("title", Title);
        json.WriteNumber("status", Status);
        json.WriteString("detail", Detail);
        json.WriteString("traceId", traceId);
        if (Extensions is not null)
        {
            foreach (var (name, value) in Extensions)
            {
                json.WritePropertyName(name);
                JsonSerializer.Serialize(json, value, value?.GetType() ?? typeof(object), options);
            }
        }
        json.WriteEndObject();
        json.Flush();
        return body;
    }
}
