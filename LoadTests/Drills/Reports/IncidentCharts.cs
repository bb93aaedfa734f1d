using LoadTests.Results;

namespace LoadTests.Drills;

/// <summary>Throughput, errors and latency around the fault, as the customers saw them.</summary>
internal static class IncidentCharts
{
    public static IEnumerable<Charts.Chart> Of(Outcome outcome)
    {
        var course = outcome.Course;
        double Second(DateTimeOffset at) => (at - course.Began).TotalSeconds;
        var marks = new List<SvgChart.Mark> { new(Second(course.BrokenAt), "fault"), new(Second(course.HealedAt), "healed") };
        if (course.AlertAt is { } alert) marks.Add(new(Second(alert), "alert"));
        if (course.GoodAgainAt is { } good) marks.Add(new(Second(good), "good again"));

        var end = (int)Second(course.Ended);
        var calls = outcome.Diary.Calls.ToLookup(c => (int)Second(c.At + c.Took));
        var visits = outcome.Diary.Visits.ToLookup(v => (int)Second(v.At + v.Took));
        SvgChart.Series Series(string name, Func<int, double> value) => new(name, [.. Enumerable.Range(0, Math.Max(1, end)).Select(s => ((double)s, value(s)))]);

        yield return new("throughput.svg", SvgChart.Draw("a second",
        [
            Series("answered well", s => calls[s].Count(c => !c.Failed)), Series("failed", s => calls[s].Count(c => c.Failed)),
            Series("bookings", s => visits[s].Count(v => v.End is VisitEnd.Booked or VisitEnd.Pending)),
        ], marks));
        yield return new("latency.svg", SvgChart.Draw("latency, ms (all requests that ended in that second)",
            [Series("p50", s => Percentile(calls[s], 0.5)), Series("p95", s => Percentile(calls[s], 0.95)), Series("slowest", s => Percentile(calls[s], 1))], marks));
        yield return new("errors.svg", SvgChart.Draw("failed, % of the requests that ended in that second",
            [Series("failed", s => calls[s].Any() ? 100.0 * calls[s].Count(c => c.Failed) / calls[s].Count() : 0)], marks));
    }

    private static double Percentile(IEnumerable<Call> calls, double share)
    {
        var took = calls.Select(c => c.Took.TotalMilliseconds).Order().ToArray();
        return took.Length == 0 ? 0 : took[(int)(share * (took.Length - 1))];
    }
}
