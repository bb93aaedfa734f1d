using Microsoft.AspNetCore.Http;
using ServiceDefaults.Problems;

namespace ServiceDefaults.Idempotency;

/// <summary>Answers a repeated request from what is stored.</summary>
public static class IdempotentReplay
{
    public const string Header = "Idempotency-Replayed";

    public static IResult From(StoredAnswer answer) => answer switch
    {
        { SameRequest: false } => Problem.Of(
            StatusCodes.Status422UnprocessableEntity, "idempotency-key-reused", "This Idempotency-Key was used for another request."),
        { InFlight: true } => InFlight(),
        _ => new Replayed(answer),
    };

    /// <summary>409: the first request is not answered yet.</summary>
    public static ProblemResult InFlight() => Problem.Of(
        StatusCodes.Status409Conflict, "idempotency-in-flight", "The first request with this Idempotency-Key is still being served.",
        retryAfter: TimeSpan.FromSeconds(1));

    private sealed class Replayed(StoredAnswer answer) : IResult, IStatusCodeHttpResult
    {
        public int? StatusCode => answer.Status;

        public Task ExecuteAsync(HttpContext httpContext)
        {
            var response = httpContext.Response;
            response.StatusCode = answer.Status;
            response.Headers[Header] = "true";
            if (answer.Body is "")
                return Task.CompletedTask;
            response.ContentType = answer.Status < 400 ? "application/json; charset=utf-8" : ProblemResult.MediaType;
            return response.WriteAsync(answer.Body, httpContext.RequestAborted);
        }
    }
}
