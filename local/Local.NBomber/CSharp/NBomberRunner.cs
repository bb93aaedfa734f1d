using NBomber.Contracts;
using NBomber.Contracts.Stats;
using NBomber.Engine;
using Serilog.Events;

namespace NBomber.CSharp;

/// <summary>Registers scenarios, takes options and runs the test.</summary>
public static class NBomberRunner
{
    private static readonly TimeSpan ShortestReportingInterval = TimeSpan.FromSeconds(5);

    public static NBomberContext RegisterScenarios(params ScenarioProps[] scenarios)
    {
        if (scenarios.GroupBy(s => s.ScenarioName, StringComparer.Ordinal).FirstOrDefault(g => g.Count() > 1) is { } twice)
            throw new ArgumentException($"The scenario name '{twice.Key}' is used more than once.", nameof(scenarios));
        return new NBomberContext(scenarios);
    }

    public static NBomberContext WithTestSuite(this NBomberContext context, string testSuite) =>
        context.With(o => o with { TestSuite = testSuite });

    public static NBomberContext WithTestName(this NBomberContext context, string testName) =>
        context.With(o => o with { TestName = testName });

    public static NBomberContext WithTargetScenarios(this NBomberContext context, params string[] scenarioNames) =>
        context.With(o => o with { TargetScenarios = scenarioNames });

    public static NBomberContext WithReportFileName(this NBomberContext context, string reportFileName) =>
        context.With(o => o with { ReportFileName = reportFileName });

    public static NBomberContext WithReportFolder(this NBomberContext context, string reportFolderPath) =>
        context.With(o => o with { ReportFolder = reportFolderPath });

    public static NBomberContext WithReportFormats(this NBomberContext context, params ReportFormat[] reportFormats) =>
        context.With(o => o with { ReportFormats = reportFormats });

    public static NBomberContext WithoutReports(this NBomberContext context) =>
        context.With(o => o with { ReportFormats = [] });

    public static NBomberContext WithReportingInterval(this NBomberContext context, TimeSpan interval) =>
        interval >= ShortestReportingInterval
            ? context.With(o => o with { ReportingInterval = interval })
            : throw new ArgumentException($"The reporting interval must be at least {ShortestReportingInterval}.", nameof(interval));

    public static NBomberContext WithScenarioCompletionTimeout(this NBomberContext context, TimeSpan timeout) =>
        context.With(o => o with { CompletionTimeout = timeout });

    public static NBomberContext WithMinimumLogLevel(this NBomberContext context, LogEventLevel level) =>
        context.With(o => o with { MinimumLogLevel = level });

    public static NBomberContext WithLoggerConfig(this NBomberContext context, Func<Serilog.LoggerConfiguration> buildLoggerConfig) =>
        context.With(o => o with { LoggerConfig = buildLoggerConfig });

    public static NBomberContext DisplayConsoleMetrics(this NBomberContext context, bool enable) =>
        context.With(o => o with { DisplayConsoleMetrics = enable });

    public static NodeStats Run(this NBomberContext context) => context.Run([]);

    /// <summary>Runs the test; understands --session-id, --test-suite, --test-name, --target and --display-console-metrics.</summary>
    public static NodeStats Run(this NBomberContext context, params string[] args)
    {
        using var session = new Session(context.Scenarios, CommandLine.Apply(context.Options, args));
        // The real package's method blocks its caller, so this one has to as well; nothing else runs on this thread.
        return Task.Run(session.RunAsync).GetAwaiter().GetResult();
    }

    private static NBomberContext With(this NBomberContext context, Func<SessionOptions, SessionOptions> change) =>
        context with { Options = change(context.Options) };
}
