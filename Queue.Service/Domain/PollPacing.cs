namespace QueueService.Domain;

/// <summary>When a waiting user should ask again: soon near the front, rarely far back, and never all at the same moment.</summary>
public static class PollPacing
{
    public static readonly TimeSpan Soonest = TimeSpan.FromSeconds(1);
    public static readonly TimeSpan Latest = TimeSpan.FromSeconds(30);

    /// <summary>The share of the interval by which two users in the same place may differ from it, up or down.</summary>
    public const double Jitter = 0.2;

    /// <summary>The longest anybody is told to wait; a line's grace and leases must be longer.</summary>
    public static readonly TimeSpan Longest = Latest * (1 + Jitter);

    private const double SecondsPerPlace = 0.01;

    /// <param name="position">1 is next.</param>
    /// <param name="untilOpening">Before a sale opens nothing changes: then one poll shortly after the opening is enough.</param>
    /// <param name="chance">Uniform in [0, 1).</param>
    public static TimeSpan Interval(long position, TimeSpan untilOpening, double chance)
    {
        var interval = Soonest + TimeSpan.FromSeconds(SecondsPerPlace * Math.Clamp(position - 1, 0, 1_000_000));
        if (untilOpening > interval)
            interval = untilOpening;
        if (interval > Latest)
            interval = Latest;
        return interval * (1 + Jitter * (2 * chance - 1));
    }
}
