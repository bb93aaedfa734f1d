using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Options;

namespace ServiceDefaults.Overload;

/// <summary>
/// Refuses a body that is announced too large. A sender that does not wait to be asked is still writing then, and would see a broken
/// connection instead of the answer: what it sends is read and thrown away first, within bounds.
/// </summary>
internal sealed class BodyLimitMiddleware(RequestDelegate next, IOptions<OverloadOptions> options, TimeProvider time)
{
    private const long MostThrownAway = 8 << 20;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    public Task InvokeAsync(HttpContext context)
        => context.Request.ContentLength > options.Value.MaxRequestBodySize ? RefuseAsync(context) : next(context);

    private async Task RefuseAsync(HttpContext context)
    {
        var request = context.Request;
        var asksFirst = request.Headers.Expect.Count > 0;
        if (request.ContentLength <= MostThrownAway && !asksFirst && context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit)
        {
            limit.MaxRequestBodySize = MostThrownAway;
            using var patience = new CancellationTokenSource(Patience, time);
            try
            {
                await request.Body.CopyToAsync(Stream.Null, patience.Token);
            }
            catch (OperationCanceledException)
            {
                // Too slow: the connection ends with the answer.
            }
        }
        throw new BadHttpRequestException("The body is too large.", StatusCodes.Status413PayloadTooLarge);
    }
}
