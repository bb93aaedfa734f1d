using NBomber.Contracts;

namespace NBomber.CSharp;

/// <summary>Describes stages of load.</summary>
public static class Simulation
{
    public static LoadSimulation RampingConstant(int copies, TimeSpan during) =>
        new LoadSimulation.RampingConstant(NotNegative(copies), Positive(during));

    public static LoadSimulation KeepConstant(int copies, TimeSpan during) =>
        new LoadSimulation.KeepConstant(Positive(copies), Positive(during));

    public static LoadSimulation IterationsForConstant(int copies, int iterations) =>
        new LoadSimulation.IterationsForConstant(Positive(copies), Positive(iterations));

    public static LoadSimulation RampingInject(int rate, TimeSpan interval, TimeSpan during) =>
        new LoadSimulation.RampingInject(NotNegative(rate), Positive(interval), Positive(during));

    public static LoadSimulation Inject(int rate, TimeSpan interval, TimeSpan during) =>
        new LoadSimulation.Inject(Positive(rate), Positive(interval), Positive(during));

    public static LoadSimulation InjectRandom(int minRate, int maxRate, TimeSpan interval, TimeSpan during) =>
        minRate <= maxRate
            ? new LoadSimulation.InjectRandom(NotNegative(minRate), Positive(maxRate), Positive(interval), Positive(during))
            : throw new ArgumentException("The lowest rate is above the highest.", nameof(minRate));

    public static LoadSimulation IterationsForInject(int rate, TimeSpan interval, int iterations) =>
        new LoadSimulation.IterationsForInject(Positive(rate), Positive(interval), Positive(iterations));

    public static LoadSimulation Pause(TimeSpan during) => new LoadSimulation.Pause(Positive(during));

    private static int Positive(int value)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(value);
        return value;
    }

    private static int NotNegative(int value)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(value);
        return value;
    }

    private static TimeSpan Positive(TimeSpan value)
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(value, TimeSpan.Zero);
        return value;
    }
}
