using NBomber.Contracts;

namespace NBomber.CSharp;

/// <summary>Describes scenarios: what a virtual user does, and how many of them there are.</summary>
public static class Scenario
{
    public static ScenarioProps Create(string name, Func<IScenarioContext, Task<IResponse>> run) => new(name, run);

    /// <summary>A scenario that only initialises and cleans.</summary>
    public static ScenarioProps Empty(string name) => new(name, run: null) { WarmUpDuration = null, LoadSimulations = [] };

    public static ScenarioProps WithInit(this ScenarioProps scenario, Func<IScenarioInitContext, Task> initFunc) =>
        scenario with { Init = initFunc };

    public static ScenarioProps WithClean(this ScenarioProps scenario, Func<IScenarioInitContext, Task> cleanFunc) =>
        scenario with { Clean = cleanFunc };

    public static ScenarioProps WithWarmUpDuration(this ScenarioProps scenario, TimeSpan duration) =>
        scenario with { WarmUpDuration = duration };

    public static ScenarioProps WithoutWarmUp(this ScenarioProps scenario) => scenario with { WarmUpDuration = null };

    public static ScenarioProps WithLoadSimulations(this ScenarioProps scenario, params LoadSimulation[] loadSimulations) =>
        loadSimulations.Length > 0
            ? scenario with { LoadSimulations = loadSimulations }
            : throw new ArgumentException($"Scenario '{scenario.ScenarioName}' needs at least one load simulation.", nameof(loadSimulations));

    public static ScenarioProps WithThresholds(this ScenarioProps scenario, params Threshold[] thresholds) =>
        scenario with { Thresholds = thresholds };

    /// <summary>Whether a failed step ends the iteration (the default).</summary>
    public static ScenarioProps WithRestartIterationOnFail(this ScenarioProps scenario, bool shouldRestart) =>
        scenario with { RestartIterationOnFail = shouldRestart };

    /// <summary>The whole test stops once this many iterations or steps have failed.</summary>
    public static ScenarioProps WithMaxFailCount(this ScenarioProps scenario, int failCount) =>
        scenario with { MaxFailCount = failCount };

    /// <summary>Whether the scenario's figures count iterations (true) or add up its steps (false, the default).</summary>
    public static ScenarioProps WithStatsBasedOnIterations(this ScenarioProps scenario, bool value) =>
        scenario with { StatsBasedOnIterations = value };
}
