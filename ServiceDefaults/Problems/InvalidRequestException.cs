using Microsoft.AspNetCore.Http;

namespace ServiceDefaults.Problems;

/// <summary>A part of the request is malformed where no result can be returned: while parameters are bound.</summary>
public sealed class InvalidRequestException(string fieldName, string message) : BadHttpRequestException(message, StatusCodes.Status400BadRequest)
{
    public string Field { get; } = fieldName;
}
