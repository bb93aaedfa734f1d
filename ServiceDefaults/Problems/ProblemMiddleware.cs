using System.Diagnostics;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace ServiceDefaults.Problems;

/// <summary>Outermost: turns exceptions and bare status codes into problem details. No input gives a 500; only bugs do.</summary>
internal sealed partial class ProblemMiddleware(RequestDelegate next, TimeProvider time, ILogger<ProblemMiddleware> logger)
{
    private const int ClientClosedRequest = 499;
    private long _lastFailureLogged;

    public async Task InvokeAsync(HttpContext context)
    {
        try
        {
            await next(context);
        }
        catch (Exception e)
        {
            if (e is OperationCanceledException or IOException && context.RequestAborted.IsCancellationRequested)
                NobodyListens(context.Response);
            else if (context.Response.HasStarted)
                throw;
            else
                await Of(e, context).ExecuteAsync(Clean(context));
            return;
        }

        var response = context.Response;
        if (response is { StatusCode: >= 400, HasStarted: false, ContentType: null, ContentLength: null })
            await Problem.OfStatus(response.StatusCode).ExecuteAsync(context);
    }

    private ProblemResult Of(Exception e, HttpContext context)
    {
        if (e is BadHttpRequestException bad)
            return BadRequests.Problem(bad);

        Activity.Current?.SetStatus(ActivityStatusCode.Error, e.Message);
        if (InfrastructureFailures.Problem(e) is { } known)
        {
            LogFailure(e, context);
            return known;
        }
        Unhandled(logger, e, context.Request.Method, context.Request.Path);
        return Problem.OfStatus(StatusCodes.Status500InternalServerError);
    }

    // For the metrics: the caller is gone.
    private static void NobodyListens(HttpResponse response)
    {
        if (!response.HasStarted)
            response.StatusCode = ClientClosedRequest;
    }

    private static HttpContext Clean(HttpContext context)
    {
        context.Response.Clear();
        return context;
    }

    // With a store away every request fails alike: one line a second says as much as thousands.
    private void LogFailure(Exception e, HttpContext context)
    {
        var now = time.GetTimestamp();
        var last = Interlocked.Read(ref _lastFailureLogged);
        if (last != 0 && time.GetElapsedTime(last, now) < TimeSpan.FromSeconds(1))
            return;
        if (Interlocked.CompareExchange(ref _lastFailureLogged, now, last) == last)
            Failed(logger, context.Request.Method, context.Request.Path, e.GetType().Name, e.Message);
    }

    [LoggerMessage(LogLevel.Warning, "{Method} {Path} cannot be served now: {Failure}: {Message}")]
    private static partial void Failed(ILogger logger, string method, string path, string failure, string message);

    [LoggerMessage(LogLevel.Error, "{Method} {Path} failed")]
    private static partial void Unhandled(ILogger logger, Exception exception, string method, string path);
}
