namespace LoadTests.Drills;

/// <summary>When what happened.</summary>
/// <param name="Began">The load, before anything broke: the baseline.</param>
/// <param name="AlertAt">When somebody would have been notified first; null when nobody was, or nobody watched.</param>
/// <param name="GoodAgainAt">Since when the service level was kept again; null when it was not until the end.</param>
internal sealed record Course(
    DateTimeOffset Began, DateTimeOffset BrokenAt, DateTimeOffset HealedAt, DateTimeOffset? AlertAt, DateTimeOffset? GoodAgainAt, DateTimeOffset Ended)
{
    /// <summary>Time to detect.</summary>
    public TimeSpan? Mttd => AlertAt - BrokenAt;

    /// <summary>Time from the alert until it was good again; zero when it was good before anybody had heard.</summary>
    public TimeSpan? Mttr => AlertAt is { } alert && GoodAgainAt is { } good ? good > alert ? good - alert : TimeSpan.Zero : null;

    /// <summary>Time from the end of the fault until it was good again.</summary>
    public TimeSpan? Recovery => GoodAgainAt is { } good ? good > HealedAt ? good - HealedAt : TimeSpan.Zero : null;

    /// <summary>The end of what customers felt.</summary>
    public DateTimeOffset Over => GoodAgainAt ?? Ended;
}
