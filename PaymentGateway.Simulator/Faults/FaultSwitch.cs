using Microsoft.Extensions.Options;

namespace PaymentGatewaySimulator.Faults;

/// <summary>The faults in force, and the seeded dice that decide whom they hit.</summary>
public sealed class FaultSwitch(IOptions<SimulatorOptions> options)
{
    private readonly Lock _lock = new();
    private readonly Random _dice = new(options.Value.Seed);
    private volatile FaultSettings _settings = new();

    public FaultSettings Settings
    {
        get => _settings;
        set => _settings = value;
    }

    public bool Hits(double rate)
    {
        if (rate <= 0)
            return false;
        lock (_lock)
            return _dice.NextDouble() < rate;
    }

    public TimeSpan DrawLatency()
    {
        var settings = _settings;
        lock (_lock)
            return TimeSpan.FromMilliseconds(settings.LatencyMs + (settings.JitterMs > 0 ? _dice.Next(settings.JitterMs + 1) : 0));
    }
}
