namespace QueueService.Domain;

/// <summary>How long a position will take.</summary>
public static class WaitEstimate
{
    /// <param name="livingAhead">Users who will be admitted first, and the asker: those who left do not count.</param>
    /// <param name="measured">Admissions a second, as they were lately.</param>
    /// <param name="allowed">Admissions a second that the operator allows.</param>
    /// <param name="placesPerSecond">Places that end a second even if everybody takes all their time: a full line never stands still.</param>
    public static long Seconds(double livingAhead, double measured, double allowed, double placesPerSecond, TimeSpan untilOpening)
    {
        var rate = Math.Min(Math.Max(measured, placesPerSecond), allowed);
        var waiting = rate > 0 ? livingAhead / rate : Longest;
        return (long)Math.Ceiling(Math.Min(Longest, waiting + Math.Max(0, untilOpening.TotalSeconds)));
    }

    /// <summary>A closed line has no estimate; a day says that it will be long.</summary>
    public const double Longest = 24 * 60 * 60;
}
