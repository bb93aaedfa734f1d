using LoadTests.Booking;
using LoadTests.Books;

namespace LoadTests.Drills;

/// <summary>One drill from the first customer to the books: steady load, break, heal, watch until it is good again, judge.</summary>
internal sealed class DrillRun(RunningParts parts, BookingApi api, Crowd crowd, DataSet data, DrillRun.Lengths lengths, TimeProvider time)
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan BooksAgreeWithin = TimeSpan.FromSeconds(60);

    internal sealed record Lengths(TimeSpan Baseline, TimeSpan Fault, TimeSpan Recovery, double VisitorsPerSecond);

    public async Task<Outcome> RunAsync(Drill drill, CancellationToken cancel)
    {
        var system = SystemUnderTest.From(parts.Now) ?? throw new InvalidOperationException("The system is not running.");
        var alerts = AlertRecord.Of(parts);
        await using var load = new SteadyLoad(api, crowd, data, lengths.VisitorsPerSecond, time);
        var began = time.GetUtcNow();
        await Task.Delay(lengths.Baseline, time, cancel);

        var site = new FaultSite(parts, system, load, lengths.Fault, time, cancel);
        var brokenAt = time.GetUtcNow();
        await drill.BreakAsync(site);
        var course = new Course(began, brokenAt, HealedAt: time.GetUtcNow(), AlertAt: null, GoodAgainAt: null, Ended: time.GetUtcNow());
        course = await WatchAsync(course, load, cancel);
        var afterwards = await drill.AfterwardsAsync(site);
        await load.StopAsync();

        var books = await SettleAsync(cancel);
        course = course with { AlertAt = AlertRecord.First(alerts?.Between(brokenAt, time.GetUtcNow()) ?? [], brokenAt)?.ReceivedAt };
        var impact = Impact.Of(load.Diary, course);
        var findings = Judgement.Of(drill, course, impact, load.Diary, alerts is not null, books, afterwards).ToArray();
        return new Outcome(drill, course, impact, load.Diary, alerts is not null, alerts?.Between(brokenAt, time.GetUtcNow()) ?? [], books, findings);
    }

    private async Task<Course> WatchAsync(Course course, SteadyLoad load, CancellationToken cancel)
    {
        while (true)
        {
            await Task.Delay(LookEvery, time, cancel);
            var now = time.GetUtcNow();
            var usual = Impact.UsualShare(load.Diary, course) * lengths.VisitorsPerSecond;
            var good = ServiceLevel.GoodSince(load.Diary, course.HealedAt, until: now, usual);
            if (good is not null || now - course.HealedAt > lengths.Recovery) return course with { GoodAgainAt = good, Ended = now };
        }
    }

    /// <summary>What is wrong when everything has come to rest; it is looked at until nothing is, or for a minute.</summary>
    private async Task<string[]> SettleAsync(CancellationToken cancel)
    {
        var began = time.GetTimestamp();
        while (true)
        {
            var findings = await FindingsAsync(cancel);
            if (findings.Length == 0 || time.GetElapsedTime(began) > BooksAgreeWithin) return findings;
            await Task.Delay(LookEvery, time, cancel);
        }
    }

    private async Task<string[]> FindingsAsync(CancellationToken cancel)
    {
        try
        {
            await using var books = new BooksCheck(SystemUnderTest.From(parts.Now)!);
            return (await books.RunAsync(cancel)).Findings;
        }
        catch (Exception error) when (error is HttpRequestException or Npgsql.NpgsqlException or TaskCanceledException && !cancel.IsCancellationRequested)
        {
            return [$"the books cannot be read: {error.Message}"];
        }
    }
}
