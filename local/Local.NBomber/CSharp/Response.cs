using NBomber.Contracts;

namespace NBomber.CSharp;

/// <summary>Makes the answers that steps and scenarios return.</summary>
public static class Response
{
    private static readonly Response<object> PlainOk = Ok<object>();
    private static readonly Response<object> PlainFail = Fail<object>();

    public static Response<object> Ok() => PlainOk;

    public static Response<object> Fail() => PlainFail;

    public static Response<object> Ok(string statusCode = "", long sizeBytes = 0, string message = "", double customLatencyMs = 0) =>
        Ok<object>(statusCode, sizeBytes, message, customLatencyMs);

    public static Response<T> Ok<T>(string statusCode = "", long sizeBytes = 0, string message = "", double customLatencyMs = 0) =>
        new(statusCode, isError: false, sizeBytes, message, default, customLatencyMs);

    public static Response<T> Ok<T>(T payload, string statusCode = "", long sizeBytes = 0, string message = "", double customLatencyMs = 0) =>
        new(statusCode, isError: false, sizeBytes, message, new Payload<T>(payload), customLatencyMs);

    public static Response<object> Fail(string statusCode = "", string message = "", long sizeBytes = 0, double customLatencyMs = 0) =>
        Fail<object>(statusCode, message, sizeBytes, customLatencyMs);

    public static Response<T> Fail<T>(string statusCode = "", string message = "", long sizeBytes = 0, double customLatencyMs = 0) =>
        new(statusCode, isError: true, sizeBytes, message, default, customLatencyMs);

    public static Response<T> Fail<T>(T payload, string statusCode = "", string message = "", long sizeBytes = 0, double customLatencyMs = 0) =>
        new(statusCode, isError: true, sizeBytes, message, new Payload<T>(payload), customLatencyMs);
}
