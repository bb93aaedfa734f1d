namespace NBomber.Contracts.Stats;

/// <summary>One scenario's figures.</summary>
public sealed record ScenarioStats(
    string ScenarioName, MeasurementStats Ok, MeasurementStats Fail, StepStats[] StepStats, LoadSimulationStats LoadSimulationStats,
    OperationType CurrentOperation, int AllRequestCount, int AllOkCount, int AllFailCount, long AllBytes, TimeSpan Duration, int SortIndex);

public sealed record StepStats(string StepName, MeasurementStats Ok, MeasurementStats Fail, int SortIndex);

public sealed record LoadSimulationStats(string SimulationName, int Value);

public enum OperationType
{
    None = 0,
    Init = 1,
    WarmUp = 2,
    Bombing = 3,
    Stop = 4,
    Complete = 5,
    Error = 6,
}
