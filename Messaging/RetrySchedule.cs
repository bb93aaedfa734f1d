namespace Messaging;

/// <summary>How long to wait after so many failures in a row.</summary>
internal readonly record struct RetrySchedule(TimeSpan First, TimeSpan Longest)
{
    public TimeSpan After(int failures)
    {
        var pause = First;
        for (var i = 1; i < failures && pause < Longest; i++)
            pause *= 2;
        return pause < Longest ? pause : Longest;
    }
}
