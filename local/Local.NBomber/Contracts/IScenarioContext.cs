using NBomber.Contracts.Stats;
using Serilog;

namespace NBomber.Contracts;

/// <summary>What one virtual user's iteration has at hand.</summary>
public interface IScenarioContext
{
    TestInfo TestInfo { get; }
    ScenarioInfo ScenarioInfo { get; }
    NodeInfo NodeInfo { get; }
    ILogger Logger { get; }

    /// <summary>How many iterations this copy has begun, this one included.</summary>
    long InvocationNumber { get; }

    /// <summary>Lives as long as the iteration.</summary>
    Dictionary<string, object> Data { get; }

    /// <summary>Lives as long as the copy.</summary>
    Dictionary<string, object> ScenarioInstanceData { get; }

    CancellationToken ScenarioCancellationToken { get; }
    Random Random { get; }
    void StopScenario(string scenarioName, string reason);
    void StopCurrentTest(string reason);
    TimeSpan GetScenarioTimerTime();
}
