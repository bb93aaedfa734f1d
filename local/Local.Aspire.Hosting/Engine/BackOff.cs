namespace Local.Engine;

/// <summary>The wait before a crashed process starts again: short at first, doubling, and short again after it ran well for a while.</summary>
internal sealed class BackOff(TimeProvider time)
{
    private static readonly TimeSpan First = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan ForgivenAfter = TimeSpan.FromMinutes(1);

    private TimeSpan _next = First;
    private long _lastAsked = time.GetTimestamp();

    internal TimeSpan Next()
    {
        if (time.GetElapsedTime(_lastAsked) > ForgivenAfter)
            _next = First;
        _lastAsked = time.GetTimestamp();
        var wait = _next;
        _next = wait * 2 < Longest ? wait * 2 : Longest;
        return wait;
    }
}

/// <summary>How often to ask: eagerly while something starts, then the unhealthy in growing steps of a second, as Aspire does, and the healthy so often that trouble shows within five.</summary>
internal sealed class HealthPace
{
    private static readonly TimeSpan Eager = TimeSpan.FromMilliseconds(150);
    private static readonly TimeSpan Step = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Healthy = TimeSpan.FromSeconds(2);
    private const int EagerProbes = 60;
    private const int LongestSteps = 5;

    private int _failures;

    internal TimeSpan Next(bool healthy)
    {
        if (healthy)
        {
            _failures = EagerProbes;
            return Healthy;
        }
        return ++_failures <= EagerProbes ? Eager : Step * Math.Min(_failures - EagerProbes, LongestSteps);
    }
}
