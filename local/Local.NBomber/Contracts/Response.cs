namespace NBomber.Contracts;

/// <summary>How one step ended, with what it brought back.</summary>
public sealed class Response<T>(string statusCode, bool isError, long sizeBytes, string message, Payload<T> payload, double customLatencyMs) : IResponse
{
    public string StatusCode { get; } = statusCode;
    public bool IsError { get; } = isError;
    public long SizeBytes { get; } = sizeBytes;
    public string Message { get; } = message;
    public Payload<T> Payload { get; } = payload;
    public double CustomLatencyMs { get; } = customLatencyMs;
}
