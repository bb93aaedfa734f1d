namespace LoadTests.Drills;

/// <summary>What customers are promised, over a few seconds instead of a month: hardly an error, and quick answers, to people who do book.</summary>
internal static class ServiceLevel
{
    public static readonly TimeSpan Window = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Quick = TimeSpan.FromSeconds(2);
    private const double QuickShare = 0.95;
    private const double MostErrors = 0.001;
    private const double LeastOfUsualBookings = 0.5;

    /// <summary>
    /// The first moment after <paramref name="from"/> with which a whole good window begins; null when there is none up to
    /// <paramref name="until"/>. Visits count when they begin, because who begins now tells how it is now.
    /// </summary>
    public static DateTimeOffset? GoodSince(Diary diary, DateTimeOffset from, DateTimeOffset until, double usualBookingsPerSecond)
    {
        // Only an error, a slow answer or the beginning can be the moment before it was good again.
        var calls = diary.Calls.Where(c => c.At + c.Took >= from).ToArray();
        var visits = diary.Visits.Where(v => v.At >= from).ToArray();
        var candidates = calls.Where(c => IsBad(c)).Select(c => c.At + c.Took).Where(at => at >= from).Append(from).Order();
        foreach (var candidate in candidates)
        {
            var since = candidate + (candidate == from ? TimeSpan.Zero : TimeSpan.FromTicks(1));
            if (since + Window > until) return null;
            if (IsGood(calls, visits, since, usualBookingsPerSecond)) return since;
        }
        return null;
    }

    public static bool IsBad(Call call) => call.Failed || call.Took > Quick;

    private static bool IsGood(Call[] calls, Visit[] visits, DateTimeOffset since, double usualBookingsPerSecond)
    {
        // By their end: the answer is what the customer sees.
        var seen = calls.Where(c => c.At + c.Took >= since && c.At + c.Took < since + Window).ToArray();
        var booked = visits.Count(v => v.At + v.Took >= since && v.At + v.Took < since + Window && v.End is VisitEnd.Booked or VisitEnd.Pending);
        return seen.Length > 0
            && seen.Count(c => c.Failed) <= MostErrors * seen.Length
            && seen.Count(c => c.Took <= Quick) >= QuickShare * seen.Length
            && booked >= LeastOfUsualBookings * usualBookingsPerSecond * Window.TotalSeconds;
    }
}
