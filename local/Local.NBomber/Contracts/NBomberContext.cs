using NBomber.Engine;

namespace NBomber.Contracts;

/// <summary>The scenarios of a test and how it is run.</summary>
public sealed record NBomberContext
{
    internal NBomberContext(IReadOnlyList<ScenarioProps> scenarios) => Scenarios = scenarios;

    internal IReadOnlyList<ScenarioProps> Scenarios { get; }
    internal SessionOptions Options { get; init; } = new();
}
