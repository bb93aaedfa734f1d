namespace NBomber.Contracts;

/// <summary>How one step or one iteration ended.</summary>
public interface IResponse
{
    string StatusCode { get; }
    bool IsError { get; }
    long SizeBytes { get; }
    string Message { get; }
    double CustomLatencyMs { get; }
}
