using System.Buffers;
using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;

namespace ConcertService;

/// <summary>An answer out of a cache: 304 if the client has it already, otherwise bytes copied straight into the response.</summary>
/// <param name="entityTag">Strong: the same tag never stands for other bytes.</param>
/// <param name="length">Null if only known when written.</param>
public sealed class CachedAnswer(string entityTag, string cacheControl, long? length, Action<IBufferWriter<byte>> write) : IResult
{
    /// <summary>For what everybody may see and may be a minute old.</summary>
    public const string Public = "public, max-age=60";

    /// <summary>For what everybody may see but must ask for again.</summary>
    public const string PublicLive = "public, no-cache";

    /// <summary>For what only the admitted may see.</summary>
    public const string PrivateLive = "private, no-cache";

    public static string Tag(long dataSet, long version) => $"\"{dataSet:x}-{version:x}\"";

    public async Task ExecuteAsync(HttpContext httpContext)
    {
        var response = httpContext.Response;
        response.Headers.ETag = entityTag;
        response.Headers.CacheControl = cacheControl;
        if (Matches(httpContext.Request.Headers.IfNoneMatch))
        {
            response.StatusCode = StatusCodes.Status304NotModified;
            return;
        }

        response.ContentType = "application/json; charset=utf-8";
        response.ContentLength = length;
        write(response.BodyWriter);
        await response.BodyWriter.FlushAsync(httpContext.RequestAborted);
    }

    private bool Matches(StringValues ifNoneMatch)
    {
        if (ifNoneMatch.Count == 0)
            return false;
        // RFC 9110, 13.1.2: If-None-Match uses the weak comparison, and * matches anything there is.
        return ifNoneMatch == "*"
            || (EntityTagHeaderValue.TryParseList(ifNoneMatch, out var tags) && tags.Any(tag => tag.Tag.Equals(entityTag, StringComparison.Ordinal)));
    }
}
