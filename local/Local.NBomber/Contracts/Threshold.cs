using System.Linq.Expressions;
using NBomber.Contracts.Metrics;
using NBomber.Contracts.Stats;

namespace NBomber.Contracts;

/// <summary>A demand on the measured figures, checked while the test runs and once more at its end.</summary>
public sealed class Threshold
{
    private readonly Func<ScenarioStats, bool>? checkScenario;
    private readonly Func<StepStats, bool>? checkStep;
    private readonly Func<MetricStats, bool>? checkMetric;

    private Threshold(Expression<Func<ScenarioStats, bool>> check)
    {
        CheckExpression = check.Body.ToString();
        checkScenario = check.Compile();
    }

    private Threshold(string stepName, Expression<Func<StepStats, bool>> check)
    {
        StepName = stepName;
        CheckExpression = check.Body.ToString();
        checkStep = check.Compile();
    }

    private Threshold(Expression<Func<MetricStats, bool>> check)
    {
        CheckExpression = check.Body.ToString();
        checkMetric = check.Compile();
    }

    internal string CheckExpression { get; }
    internal string? StepName { get; }
    internal int? AbortWhenErrorCount { get; private init; }
    internal TimeSpan? StartCheckAfter { get; private init; }

    public static Threshold Create(Expression<Func<ScenarioStats, bool>> checkScenario, int? abortWhenErrorCount = null, TimeSpan? startCheckAfter = null) =>
        new(checkScenario) { AbortWhenErrorCount = abortWhenErrorCount, StartCheckAfter = startCheckAfter };

    public static Threshold Create(string stepName, Expression<Func<StepStats, bool>> checkStep, int? abortWhenErrorCount = null, TimeSpan? startCheckAfter = null) =>
        new(stepName, checkStep) { AbortWhenErrorCount = abortWhenErrorCount, StartCheckAfter = startCheckAfter };

    public static Threshold Create(Expression<Func<MetricStats, bool>> checkMetric, int? abortWhenErrorCount = null, TimeSpan? startCheckAfter = null) =>
        new(checkMetric) { AbortWhenErrorCount = abortWhenErrorCount, StartCheckAfter = startCheckAfter };

    /// <summary>True when the demand is met. A step that never ran does not meet it.</summary>
    internal bool Holds(ScenarioStats scenario, MetricStats metrics)
    {
        if (checkScenario is not null) return checkScenario(scenario);
        if (checkMetric is not null) return checkMetric(metrics);
        return scenario.StepStats.Find(StepName!) is { } step && checkStep!(step);
    }
}
