namespace PaymentGatewaySimulator;

/// <summary>Configuration section <c>Simulator</c>.</summary>
public sealed class SimulatorOptions
{
    public const string Section = "Simulator";

    /// <summary>Where the books are kept, so that they survive a restart; in memory only when not set.</summary>
    public string? DataDirectory { get; set; }

    /// <summary>The same seed draws the same faults.</summary>
    public int Seed { get; set; } = 1;
}
