namespace NBomber.Contracts;

/// <summary>Which copy of which scenario is running, and in what phase.</summary>
public sealed record ScenarioInfo(string InstanceId, int InstanceNumber, string ScenarioName, TimeSpan ScenarioDuration, ScenarioOperation ScenarioOperation);

public enum ScenarioOperation
{
    Init,
    Clean,
    WarmUp,
    Bombing,
}
