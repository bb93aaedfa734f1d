using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Http;

namespace ServiceDefaults.Problems;

/// <summary>Names the field at fault in what the framework rejects while it binds parameters.</summary>
internal static partial class BadRequests
{
    private const string Malformed = "The value is malformed or out of range.";
    private static readonly string[] Required = ["The value is required."];

    public static ProblemResult Problem(BadHttpRequestException e) => e switch
    {
        InvalidRequestException invalid => Problems.Problem.Invalid(invalid.Field, invalid.Message),
        { StatusCode: not StatusCodes.Status400BadRequest } => Problems.Problem.OfStatus(e.StatusCode),
        { InnerException: JsonException json } => OfJson(json),
        _ when e.Message.StartsWith("Implicit body inferred", StringComparison.Ordinal) => Problems.Problem.Invalid("body", "A JSON body is required."),
        _ when BoundParameter().Match(e.Message) is { Success: true } match => OfParameter(match),
        _ => Problems.Problem.OfStatus(StatusCodes.Status400BadRequest),
    };

    private static ProblemResult OfParameter(Match match)
        => match.Groups["missing"].Success && match.Groups["source"].Value == "body"
            ? Problems.Problem.Invalid("body", "A JSON body is required.")
            : Problems.Problem.Invalid(match.Groups["name"].Value, match.Groups["missing"].Success ? Required[0] : Malformed);

    private static ProblemResult OfJson(JsonException e)
    {
        if (MissingMembers().Match(e.Message) is { Success: true } missing)
            return Problems.Problem.Invalid(missing.Groups["name"].Captures.ToDictionary(c => Prefix(e.Path) + c.Value, _ => Required, StringComparer.Ordinal));

        var field = e.Path is null or "$" or "" ? "body" : e.Path.StartsWith("$.", StringComparison.Ordinal) ? e.Path[2..] : e.Path;
        return Problems.Problem.Invalid(field, e.InnerException is JsonException ? "This is not valid JSON." : Malformed);
    }

    private static string Prefix(string? path) => path is null or "$" ? "" : path[2..] + ".";

    // The messages of minimal APIs' parameter binding: the only place where the parameter's name is said.
    [GeneratedRegex("""^(Failed to bind parameter|Failed to read parameter|(?<missing>Required parameter)) "\S+ (?<name>\w+)"( was not provided from (?<source>\w+))?""", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 100)]
    private static partial Regex BoundParameter();

    // "… was missing required properties including: 'a', 'b'."
    [GeneratedRegex("""missing required properties including: ('(?<name>[^']+)'[,; ]*)+""", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 100)]
    private static partial Regex MissingMembers();
}
