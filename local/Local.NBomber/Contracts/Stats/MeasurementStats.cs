namespace NBomber.Contracts.Stats;

/// <summary>The figures of the successful, or of the failed, calls.</summary>
public sealed record MeasurementStats(RequestStats Request, LatencyStats Latency, DataTransferStats DataTransfer, StatusCodeStats[] StatusCodes);

public sealed record RequestStats(int Count, double RPS, int Percent);

public sealed record LatencyStats(
    double MinMs, double MeanMs, double MaxMs, double Percent50, double Percent75, double Percent95, double Percent99, double StdDev, LatencyCount LatencyCount)
{
    /// <summary>The stand-in's own addition: written to its reports, not in the real package's record.</summary>
    internal double Percent90 { get; init; }
}

public sealed record LatencyCount(int LessOrEq800, int More800Less1200, int MoreOrEq1200);

public sealed record DataTransferStats(long MinBytes, long MeanBytes, long MaxBytes, long Percent50, long Percent75, long Percent95, long Percent99, double StdDev, long AllBytes);

public sealed record StatusCodeStats(string StatusCode, bool IsError, string Message, int Count, int Percent);
