namespace NBomber.Contracts;

/// <summary>One stage of load; stages run one after another, and ramps start from where the stage before ended.</summary>
public abstract record LoadSimulation
{
    private LoadSimulation() { }

    /// <summary>Closed model: copies that loop; their number moves evenly to <see cref="Copies"/>.</summary>
    public sealed record RampingConstant(int Copies, TimeSpan During) : LoadSimulation;

    /// <summary>Closed model: a fixed number of copies that loop.</summary>
    public sealed record KeepConstant(int Copies, TimeSpan During) : LoadSimulation;

    /// <summary>Closed model: copies that together run a given number of iterations.</summary>
    public sealed record IterationsForConstant(int Copies, int Iterations) : LoadSimulation;

    /// <summary>Open model: the rate moves evenly to <see cref="Rate"/> per interval.</summary>
    public sealed record RampingInject(int Rate, TimeSpan Interval, TimeSpan During) : LoadSimulation;

    /// <summary>Open model: a fixed rate per interval.</summary>
    public sealed record Inject(int Rate, TimeSpan Interval, TimeSpan During) : LoadSimulation;

    /// <summary>Open model: each interval draws its rate anew.</summary>
    public sealed record InjectRandom(int MinRate, int MaxRate, TimeSpan Interval, TimeSpan During) : LoadSimulation;

    /// <summary>Open model: a fixed rate until a given number of iterations was started.</summary>
    public sealed record IterationsForInject(int Rate, TimeSpan Interval, int Iterations) : LoadSimulation;

    public sealed record Pause(TimeSpan During) : LoadSimulation;
}
