using System.Globalization;

namespace LoadTests.Drills;

/// <summary>Holds what was measured against what had to hold.</summary>
internal static class Judgement
{
    private const double MostFailedPercent = 1;
    private static readonly TimeSpan AnsweredWithin = TimeSpan.FromSeconds(15);
    // A few hundred payments have a p99 of one or two of them: below this, twice is chance.
    private static readonly TimeSpan Unnoticed = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan RecoveredWithin = TimeSpan.FromSeconds(60);
    public static readonly TimeSpan NoticedWithin = TimeSpan.FromSeconds(30);

    public static IEnumerable<Finding> Of(Drill drill, Course course, Impact impact, Diary diary, bool watched, IReadOnlyList<string> books, string? afterwards)
    {
        yield return new("every request is answered within 15 s", $"slowest {Seconds(impact.Slowest)}", impact.Slowest <= AnsweredWithin);
        yield return new("no request crashes (500)", $"{impact.Crashes}", impact.Crashes == 0);
        foreach (var step in drill.Unharmed)
        {
            var failed = Impact.FailedPercentOf(step, diary, course);
            yield return new($"step \"{step}\": at most 1 % fail", Invariant($"{failed:0.0} %"), failed <= MostFailedPercent);
        }
        if (drill.LeavesPointsAlone && Impact.PointsP99(diary, course) is var (before, during))
        {
            var most = before * 2 > Unnoticed ? before * 2 : Unnoticed;
            yield return new($"payments with points: p99 at most {Milliseconds(most)}, twice of before", Milliseconds(during), during <= most);
        }
        yield return new("good again within 60 s after the fault", course.Recovery is { } recovery ? Seconds(recovery) : "not good again", course.Recovery <= RecoveredWithin);
        yield return new("no wrong seat, no wrong money, no message left", books.Count == 0 ? "books clean" : string.Join("; ", books), books.Count == 0);
        if (watched)
            yield return new("somebody is notified within 30 s", course.Mttd is { } mttd ? Seconds(mttd) : "nobody was", course.Mttd <= NoticedWithin);
        if (afterwards is not null) yield return new("afterwards all is as it should be", afterwards, false);
    }

    public static string Seconds(TimeSpan time) => Invariant($"{time.TotalSeconds:0.0} s");

    private static string Milliseconds(TimeSpan time) => Invariant($"{time.TotalMilliseconds:0} ms");

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
