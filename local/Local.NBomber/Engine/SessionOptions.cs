using NBomber.Contracts.Stats;
using Serilog;
using Serilog.Events;

namespace NBomber.Engine;

/// <summary>How a test is run and reported.</summary>
internal sealed record SessionOptions
{
    public string TestSuite { get; init; } = "nbomber_default_test_suite_name";
    public string TestName { get; init; } = "nbomber_default_test_name";
    public string? SessionId { get; init; }
    public IReadOnlyList<string> TargetScenarios { get; init; } = [];
    public string? ReportFileName { get; init; }
    public string? ReportFolder { get; init; }
    public IReadOnlyList<ReportFormat> ReportFormats { get; init; } = [ReportFormat.Txt, ReportFormat.Html, ReportFormat.Csv, ReportFormat.Md];
    public TimeSpan ReportingInterval { get; init; } = TimeSpan.FromSeconds(5);
    public TimeSpan CompletionTimeout { get; init; } = TimeSpan.FromMinutes(1);
    public bool DisplayConsoleMetrics { get; init; } = true;
    public LogEventLevel MinimumLogLevel { get; init; } = LogEventLevel.Information;
    public Func<LoggerConfiguration>? LoggerConfig { get; init; }
}
