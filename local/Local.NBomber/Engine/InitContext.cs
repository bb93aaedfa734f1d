using NBomber.Contracts;
using NBomber.Contracts.Metrics;
using NBomber.Contracts.Stats;
using Serilog;

namespace NBomber.Engine;

/// <summary>What a scenario's init and clean functions get.</summary>
internal sealed class InitContext(Session session, ScenarioProps scenario, ScenarioOperation operation) : IScenarioInitContext
{
    public TestInfo TestInfo => session.TestInfo;
    public NodeInfo NodeInfo => session.NodeInfo;
    public ILogger Logger => session.Logger;
    public ScenarioInfo ScenarioInfo { get; } = new($"{scenario.ScenarioName}_0", 0, scenario.ScenarioName, TimeSpan.Zero, operation);

    public void RegisterMetric(IMetric metric) => session.RegisterMetric(scenario.ScenarioName, metric);
}
