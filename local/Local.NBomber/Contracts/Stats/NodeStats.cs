using NBomber.Contracts.Metrics;

namespace NBomber.Contracts.Stats;

/// <summary>Everything that a test measured.</summary>
public sealed record NodeStats(
    ScenarioStats[] ScenarioStats, MetricStats Metrics, ThresholdResult[] Thresholds, NodeInfo NodeInfo, TestInfo TestInfo,
    int AllRequestCount, int AllOkCount, int AllFailCount, long AllBytes, TimeSpan Duration, ReportFile[] ReportFiles);

public sealed record ThresholdResult(string ScenarioName, string StepName, string CheckExpression, string ExceptionMsg, int ErrorCount, bool IsFailed);

public sealed record TestInfo(string SessionId, string TestSuite, string TestName, string ClusterId, DateTime Created);

public sealed record NodeInfo(
    string MachineName, NodeType NodeType, OperationType CurrentOperation, string OS, string DotNetVersion, string Processor, int CoresCount, string NBomberVersion);

public enum NodeType
{
    SingleNode,
    Coordinator,
    Agent,
}

public sealed record ReportFile(string FilePath, ReportFormat ReportFormat, string ReportContent);

public enum ReportFormat
{
    Txt,
    Html,
    Csv,
    Md,
}
