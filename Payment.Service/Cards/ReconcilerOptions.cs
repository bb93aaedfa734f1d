namespace PaymentService.Cards;

/// <summary>Configuration section <c>Reconciler</c>: how unsettled money is followed up.</summary>
public sealed class ReconcilerOptions
{
    public const string Section = "Reconciler";

    /// <summary>Between two looks for work; also the first pause before a gateway is asked again.</summary>
    public TimeSpan Interval { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>The longest pause before a gateway is asked again.</summary>
    public TimeSpan LongestPause { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>When a payment whose request never came back is taken over: well beyond the gateways' total budget.</summary>
    public TimeSpan FirstCheckAfter { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>When an approval that the gateway has not heard of is voided; until then it may still be on its way.</summary>
    public TimeSpan VoidAfter { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>How long claimed work is left to its replica.</summary>
    public TimeSpan Lease { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How long seats are to be held, from each time we say that a payment is pending.</summary>
    public TimeSpan HoldExtension { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>After this long the seats are let go; the payment is followed up all the same, and refunded if it turns out taken.</summary>
    public TimeSpan LongestHold { get; set; } = TimeSpan.FromMinutes(30);

    public int Batch { get; set; } = 50;

    public int Parallelism { get; set; } = 8;

    public TimeSpan PauseAfter(int attempts) => TimeSpan.FromTicks(Math.Min(LongestPause.Ticks, Interval.Ticks << Math.Clamp(attempts - 1, 0, 10)));

    public IEnumerable<string> FindMistakes(TimeSpan gatewayBudget)
    {
        if (Interval < TimeSpan.FromMilliseconds(10))
            yield return $"{Section}:Interval must be at least 10 ms.";
        if (LongestPause < Interval)
            yield return $"{Section}:LongestPause must be at least {Section}:Interval.";
        if (FirstCheckAfter <= gatewayBudget)
            yield return $"{Section}:FirstCheckAfter must be longer than PaymentGateway:TotalBudget.";
        if (VoidAfter < TimeSpan.Zero)
            yield return $"{Section}:VoidAfter must not be negative.";
        if (Lease < TimeSpan.FromSeconds(1))
            yield return $"{Section}:Lease must be at least 1 s.";
        if (HoldExtension < TimeSpan.FromSeconds(1))
            yield return $"{Section}:HoldExtension must be at least 1 s.";
        if (LongestHold < HoldExtension)
            yield return $"{Section}:LongestHold must be at least {Section}:HoldExtension.";
        if (Batch < 1)
            yield return $"{Section}:Batch must be positive.";
        if (Parallelism < 1)
            yield return $"{Section}:Parallelism must be positive.";
    }
}
