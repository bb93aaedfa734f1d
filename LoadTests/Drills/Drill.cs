namespace LoadTests.Drills;

/// <summary>A fault to practise: what breaks, what must hold all the same, and what the system knows about why.</summary>
/// <param name="Name">The name on the command line.</param>
/// <param name="Fault">What happens, in a sentence.</param>
/// <param name="Hypothesis">What must hold, in a sentence that was written before.</param>
/// <param name="BreakAsync">Breaks it, lasts, and heals it again; a restart that is left to the AppHost may still be under way then.</param>
internal sealed record Drill(string Name, string Fault, string Hypothesis, Func<FaultSite, Task> BreakAsync)
{
    /// <summary>Steps of a booking that have a way round the fault, or nothing to do with it: hardly any call of theirs may fail.</summary>
    public string[] Unharmed { get; init; } = [];

    /// <summary>Payments with points have nothing to do with the fault: they may not even become slower.</summary>
    public bool LeavesPointsAlone { get; init; }

    /// <summary>What is found out after the fault has ended, such as that a dead letter could be replayed: a sentence, or null when it is as it should be.</summary>
    public Func<FaultSite, Task<string?>> AfterwardsAsync { get; init; } = _ => Task.FromResult<string?>(null);

    /// <summary>Five times why, as far as the system knows; the rest is for people.</summary>
    public required string[] Whys { get; init; }

    public required Actions Actions { get; init; }
}

internal sealed record Actions(string Short, string Middle, string Long);
