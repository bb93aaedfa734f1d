using Microsoft.AspNetCore.Http;

namespace ServiceDefaults.Problems;

/// <summary>Makes the problems that several services answer with, and the services' own.</summary>
public static class Problem
{
    /// <param name="name">Kebab-case and stable: it becomes <c>urn:concert:problem:&lt;name&gt;</c>.</param>
    public static ProblemResult Of(
        int status, string name, string detail, TimeSpan? retryAfter = null, IReadOnlyDictionary<string, object?>? extensions = null)
        => new(status, name, detail, retryAfter, extensions);

    /// <summary>400 with the field at fault.</summary>
    public static ProblemResult Invalid(string field, string message) => Invalid(new Dictionary<string, string[]>(StringComparer.Ordinal) { [field] = [message] });

    /// <summary>400 with all fields at fault.</summary>
    public static ProblemResult Invalid(IReadOnlyDictionary<string, string[]> errors)
        => Of(
            StatusCodes.Status400BadRequest, "invalid-request", string.Join(' ', errors.Select(e => $"{e.Key}: {string.Join(' ', e.Value)}")),
            extensions: new Dictionary<string, object?>(StringComparer.Ordinal) { ["errors"] = errors });

    /// <summary>404: there is no such thing, or it is not the caller's.</summary>
    public static ProblemResult NotFound(string what) => Of(StatusCodes.Status404NotFound, "not-found", $"There is no such {what}.");

    /// <summary>503: too much at once, or a store is away; later is better.</summary>
    public static ProblemResult Overloaded(string detail, TimeSpan retryAfter)
        => Of(StatusCodes.Status503ServiceUnavailable, "overloaded", detail, retryAfter);

    internal static ProblemResult Unauthorized(string detail) => Of(StatusCodes.Status401Unauthorized, "unauthorized", detail);

    internal static ProblemResult Forbidden(string detail) => Of(StatusCodes.Status403Forbidden, "forbidden", detail);

    internal static ProblemResult NotAdmitted(string detail) => Of(StatusCodes.Status403Forbidden, "not-admitted", detail);

    /// <summary>The problem behind a bare status code, as routing and the server set it.</summary>
    internal static ProblemResult OfStatus(int status) => status switch
    {
        StatusCodes.Status400BadRequest => Of(status, "invalid-request", "The request is malformed."),
        StatusCodes.Status401Unauthorized => Unauthorized("Sign in first."),
        StatusCodes.Status403Forbidden => Forbidden("This is not allowed."),
        StatusCodes.Status404NotFound => Of(status, "not-found", "There is nothing at this address."),
        StatusCodes.Status405MethodNotAllowed => Of(status, "method-not-allowed", "This address does not take this method; see the Allow header."),
        StatusCodes.Status408RequestTimeout => Of(status, "request-timeout", "The request did not arrive in time."),
        StatusCodes.Status413PayloadTooLarge => Of(status, "body-too-large", "The body is larger than this service takes."),
        StatusCodes.Status415UnsupportedMediaType => Of(status, "unsupported-media-type", "Send the body as application/json."),
        StatusCodes.Status503ServiceUnavailable => Overloaded("The service cannot answer now.", TimeSpan.FromSeconds(1)),
        >= 500 => Of(status, "internal-error", "Something went wrong on our side. The traceId finds it in our logs."),
        _ => Of(status, "request-failed", "The request cannot be served."),
    };
}
