using LoadTests.Scenarios;

namespace LoadTests.Drills;

/// <summary>What a fault cost the customers and the business, from its beginning until all was good again.</summary>
/// <param name="Failed">Requests with an error for an answer, or none.</param>
/// <param name="Slowed">Answered, but slower than nearly every request before the fault, and than half a second.</param>
/// <param name="Expected">Bookings that the visitors of that time would have made without the fault.</param>
/// <param name="RevenueDelayed">Won: of payments that are pending, and of lost bookings at the price that was paid before the fault.</param>
internal sealed record Impact(
    int Requests, int Failed, int Slowed, int Crashes, TimeSpan Slowest, int Visitors, double Expected, int Booked, int Pending, int Lost, long RevenueDelayed)
{
    private static readonly TimeSpan LeastSlow = TimeSpan.FromMilliseconds(500);

    public double FailedPercent => Requests == 0 ? 0 : 100.0 * Failed / Requests;

    public double LostPercent => Expected <= 0 ? 0 : 100.0 * Lost / Expected;

    public static Impact Of(Diary diary, Course course)
    {
        var before = diary.Calls.Where(c => c.At >= course.Began && c.At < course.BrokenAt).Select(c => c.Took).Order().ToArray();
        var slow = before.Length == 0 ? LeastSlow : Max(before[(int)(0.99 * (before.Length - 1))], LeastSlow);
        var calls = diary.Calls.Where(c => c.At < course.Over && c.At + c.Took >= course.BrokenAt).ToArray();
        var visits = diary.Visits.Where(v => v.At >= course.BrokenAt && v.At < course.Over).ToArray();
        var booked = visits.Count(v => v.End is VisitEnd.Booked);
        var pending = visits.Count(v => v.End is VisitEnd.Pending);
        var expected = visits.Length * UsualShare(diary, course);
        var lost = Math.Max(0, (int)Math.Round(expected) - booked - pending);
        return new Impact(
            calls.Length, calls.Count(c => c.Failed), calls.Count(c => !c.Failed && c.Took > slow), calls.Count(c => c.IsCrash),
            calls.Select(c => c.Took).DefaultIfEmpty().Max(),
            visits.Length, expected, booked, pending, lost,
            visits.Where(v => v.End is VisitEnd.Pending).Sum(v => v.Amount) + lost * UsualPrice(diary, course));
    }

    private static long UsualPrice(Diary diary, Course course) =>
        (long)diary.Visits.Where(v => v.At < course.BrokenAt && v.End is VisitEnd.Booked).Select(v => (double)v.Amount).DefaultIfEmpty().Average();

    /// <summary>How many of ten visitors book when nothing is wrong.</summary>
    public static double UsualShare(Diary diary, Course course)
    {
        // Who came shortly before the fault may have been caught by it.
        var before = diary.Visits.Where(v => v.At >= course.Began && v.At + v.Took < course.BrokenAt).ToArray();
        return before.Length == 0 ? 1 : (double)before.Count(v => v.End is VisitEnd.Booked or VisitEnd.Pending) / before.Length;
    }

    /// <summary>The share of a step's calls that failed, in per cent.</summary>
    public static double FailedPercentOf(string step, Diary diary, Course course)
    {
        var calls = diary.Calls.Where(c => c.Step == step && c.At >= course.BrokenAt && c.At < course.Over).ToArray();
        return calls.Length == 0 ? 0 : 100.0 * calls.Count(c => c.Failed) / calls.Length;
    }

    /// <summary>How long nearly every payment with points took before the fault, and during it.</summary>
    public static (TimeSpan Before, TimeSpan During) PointsP99(Diary diary, Course course)
    {
        return (P99(course.Began, course.BrokenAt), P99(course.BrokenAt, course.HealedAt));

        TimeSpan P99(DateTimeOffset from, DateTimeOffset to)
        {
            var times = diary.Calls.Where(c => c.Step == Steps.Pay && !c.ByCard && c.At >= from && c.At < to).Select(c => c.Took).Order().ToArray();
            return times.Length == 0 ? TimeSpan.Zero : times[(int)(0.99 * (times.Length - 1))];
        }
    }

    private static TimeSpan Max(TimeSpan a, TimeSpan b) => a > b ? a : b;
}
