namespace NBomber.Contracts;

/// <summary>A scenario and everything that was said about how to run it.</summary>
public sealed record ScenarioProps
{
    internal ScenarioProps(string name, Func<IScenarioContext, Task<IResponse>>? run)
    {
        ScenarioName = name;
        Run = run;
    }

    public string ScenarioName { get; }

    internal Func<IScenarioContext, Task<IResponse>>? Run { get; }
    internal Func<IScenarioInitContext, Task>? Init { get; init; }
    internal Func<IScenarioInitContext, Task>? Clean { get; init; }
    internal TimeSpan? WarmUpDuration { get; init; } = TimeSpan.FromSeconds(30);
    internal IReadOnlyList<LoadSimulation> LoadSimulations { get; init; } = [new LoadSimulation.KeepConstant(1, TimeSpan.FromMinutes(1))];
    internal IReadOnlyList<Threshold> Thresholds { get; init; } = [];
    internal bool RestartIterationOnFail { get; init; } = true;
    internal int MaxFailCount { get; init; } = 5_000;
    internal bool StatsBasedOnIterations { get; init; }
}
