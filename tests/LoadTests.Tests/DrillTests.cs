using LoadTests.Drills;

namespace LoadTests.Tests;

public sealed class DrillTests
{
    private const int Broken = 10;
    private const int Healed = 30;
    private static readonly DateTimeOffset Start = new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void It_is_good_again_after_the_last_error()
    {
        var diary = Sale(seconds: 60);
        diary.Add(Error(at: 33));
        diary.Add(Error(at: 37.5));

        var good = ServiceLevel.GoodSince(diary, from: At(Healed), until: At(60), usualBookingsPerSecond: 2);

        Assert.NotNull(good);
        Assert.InRange(good.Value, At(37.5), At(37.6));
    }

    [Fact]
    public void It_was_never_bad_when_nobody_saw_an_error() =>
        Assert.Equal(At(Healed), ServiceLevel.GoodSince(Sale(seconds: 60), At(Healed), At(60), usualBookingsPerSecond: 2));

    [Fact]
    public void Slow_answers_are_not_good()
    {
        var diary = Sale(seconds: 60);
        for (var at = Healed; at < 40; at++)
        {
            for (var i = 0; i < 2; i++) diary.Add(new Call(At(at), "7 pay", "Created", "", TimeSpan.FromSeconds(3), Failed: false));
        }

        Assert.InRange(ServiceLevel.GoodSince(diary, At(Healed), At(60), usualBookingsPerSecond: 2)!.Value, At(41), At(43));
    }

    [Fact]
    public void A_system_that_answers_well_and_sells_nothing_is_not_good()
    {
        var diary = new Diary();
        for (var at = 0.0; at < 60; at += 0.1) diary.Add(Answer(at));

        Assert.Null(ServiceLevel.GoodSince(diary, At(Healed), At(60), usualBookingsPerSecond: 2));
    }

    [Fact]
    public void It_takes_a_whole_window_to_be_good() =>
        Assert.Null(ServiceLevel.GoodSince(Sale(seconds: 60), At(Healed), until: At(Healed + 3), usualBookingsPerSecond: 2));

    [Fact]
    public void Times_to_detect_and_recover_count_from_the_fault_and_the_alert()
    {
        var course = Course(alert: 18, good: 42);

        Assert.Equal(TimeSpan.FromSeconds(8), course.Mttd);
        Assert.Equal(TimeSpan.FromSeconds(24), course.Mttr);
        Assert.Equal(TimeSpan.FromSeconds(12), course.Recovery);
    }

    [Fact]
    public void What_was_good_before_anybody_heard_took_no_time_to_recover() =>
        Assert.Equal(TimeSpan.Zero, Course(alert: 40, good: 35).Mttr);

    [Fact]
    public void Without_a_notification_nothing_is_said_about_detection()
    {
        var course = Course(alert: null, good: 35);

        Assert.Null(course.Mttd);
        Assert.Null(course.Mttr);
    }

    [Fact]
    public void Lost_bookings_are_those_that_the_same_visitors_would_have_made_before()
    {
        var diary = new Diary();
        // Of ten visitors, eight book; during the fault three do.
        for (var i = 0; i < 10; i++) diary.Add(Visit(at: i * 0.5, i < 8 ? VisitEnd.Booked : VisitEnd.SoldOut));
        for (var i = 0; i < 10; i++) diary.Add(Visit(at: Broken + i, i < 2 ? VisitEnd.Booked : i < 3 ? VisitEnd.Pending : VisitEnd.Lost));

        var impact = Impact.Of(diary, Course(alert: null, good: 40));

        Assert.Equal(8, impact.Expected);
        Assert.Equal(5, impact.Lost);
        Assert.Equal(62.5, impact.LostPercent);
        Assert.Equal((1 + 5) * Price, impact.RevenueDelayed);
    }

    [Fact]
    public void Bookings_that_did_not_come_to_a_hold_are_revenue_too()
    {
        var diary = Sale(seconds: Broken);
        for (var i = 0; i < 3; i++) diary.Add(Visit(at: Broken + i, VisitEnd.Lost) with { Amount = 0 });

        Assert.Equal(3 * Price, Impact.Of(diary, Course(alert: null, good: 40)).RevenueDelayed);
    }

    [Fact]
    public void Requests_count_from_the_fault_until_it_is_good_again()
    {
        var diary = Sale(seconds: 60);
        foreach (var at in new double[] { 5, 12, 20, 45 }) diary.Add(Error(at));
        diary.Add(new Call(At(15), "7 pay", "Created", "", TimeSpan.FromSeconds(1), Failed: false));

        var impact = Impact.Of(diary, Course(alert: null, good: 40));

        Assert.Equal(2, impact.Failed);
        Assert.Equal(1, impact.Slowed);
    }

    [Fact]
    public void The_first_alert_of_a_fault_is_not_one_that_fired_before()
    {
        Notification[] sent = [Fired("Old", startsAt: 5, receivedAt: 12), Fired("Later", startsAt: 15, receivedAt: 20), Fired("First", startsAt: 13, receivedAt: 17)];

        Assert.Equal("First", AlertRecord.First(sent, At(Broken))?.Alert);
    }

    [Theory]
    [InlineData(0, 120, true, "SEV3")]
    [InlineData(5, 120, true, "SEV3")]
    [InlineData(10, 120, true, "SEV2")]
    [InlineData(60, 60, true, "SEV1")]
    [InlineData(60, 30, true, "SEV2")]
    [InlineData(100, 3, true, "SEV3")]
    [InlineData(0, 3, false, "SEV1")]
    public void Severity_follows_from_what_was_lost_of_a_minute_or_more(int lostOfHundred, int seconds, bool booksClean, string severity)
    {
        var impact = new Impact(1_000, 0, 0, 0, TimeSpan.Zero, 100, Expected: 100, Booked: 100 - lostOfHundred, Pending: 0, Lost: lostOfHundred, RevenueDelayed: 0);

        Assert.Equal(severity, Text.Of(Severities.Of(impact, TimeSpan.FromSeconds(seconds), booksClean)));
    }

    [Fact]
    public void A_hypothesis_is_false_when_a_step_that_had_a_way_round_failed()
    {
        var diary = Sale(seconds: 60);
        for (var i = 0; i < 20; i++) diary.Add(Error(at: 20 + i * 0.1));
        var drill = AllDrills.Find("gateway-down").Single();
        var course = Course(alert: 18, good: 35);

        var false_ = Judgement.Of(drill, course, Impact.Of(diary, course), diary, watched: true, books: [], afterwards: null).Where(f => !f.Holds);

        Assert.Equal("step \"7 pay\": at most 1 % fail", Assert.Single(false_).Expected);
    }

    [Fact]
    public void A_hypothesis_is_false_when_points_wait_for_a_card_gateway()
    {
        var drill = AllDrills.Find("gateway-slow").Single();
        var course = Course(alert: 18, good: 35);
        var diary = Sale(seconds: 60);
        diary.Add(new Call(At(20), "7 pay", "Accepted", "", TimeSpan.FromSeconds(1.5), Failed: false) { ByCard = true });
        IEnumerable<Finding> False() => Judgement.Of(drill, course, Impact.Of(diary, course), diary, watched: true, books: [], afterwards: null).Where(f => !f.Holds);

        Assert.Empty(False());
        for (var at = 12.0; at < 28; at++) diary.Add(new Call(At(at), "7 pay", "Created", "", TimeSpan.FromMilliseconds(300), Failed: false));
        Assert.StartsWith("payments with points", Assert.Single(False()).Expected, StringComparison.Ordinal);
    }

    [Fact]
    public void A_fault_that_nobody_was_told_of_makes_the_hypothesis_false_only_where_somebody_watched()
    {
        var diary = Sale(seconds: 60);
        var course = Course(alert: null, good: Healed);
        var drill = AllDrills.Find("gateway-down").Single();
        IEnumerable<Finding> Judge(bool watched) => Judgement.Of(drill, course, Impact.Of(diary, course), diary, watched, books: [], afterwards: null);

        Assert.Contains(Judge(watched: true), f => !f.Holds);
        Assert.DoesNotContain(Judge(watched: false), f => !f.Holds);
    }

    [Fact]
    public void Wrong_books_are_in_the_report()
    {
        var diary = Sale(seconds: 60);
        var course = Course(alert: null, good: 35);
        var drill = AllDrills.Find("redis-freeze").Single();
        string[] books = ["a seat has two owners: 1/2"];
        var impact = Impact.Of(diary, course);
        var outcome = new Outcome(drill, course, impact, diary, Watched: false, [], books, [.. Judgement.Of(drill, course, impact, diary, watched: false, books, afterwards: null)]);

        var report = IncidentReport.Render(outcome, charts: []);

        Assert.False(outcome.Passed);
        Assert.Contains("**wrong**: a seat has two owners: 1/2", report, StringComparison.Ordinal);
        Assert.Contains("SEV1", report, StringComparison.Ordinal);
        Assert.Contains("not measured", report, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_drill_has_five_whys_actions_for_three_times_and_three_charts()
    {
        var diary = Sale(seconds: 60);
        var course = Course(alert: 18, good: 35);
        foreach (var drill in AllDrills.List)
        {
            var impact = Impact.Of(diary, course);
            var outcome = new Outcome(drill, course, impact, diary, Watched: true, [Fired("First", 13, 18)], [], []);

            var report = IncidentReport.Render(outcome, charts: []);

            foreach (var part in (string[])["## First notice to customers", "## Timeline", "## Scope and impact", "revenue delayed", "bookings lost", "slowed", "Time to detect", "Time to recover", "\n5. ", "- Now: ", "- This month: ", "- Later: "])
                Assert.Contains(part, report, StringComparison.Ordinal);
            Assert.Contains("12:00:18.0 | notification (page): First", report, StringComparison.Ordinal);
            Assert.Equal(["throughput.svg", "latency.svg", "errors.svg"], IncidentCharts.Of(outcome).Select(c => c.FileName));
        }
    }

    [Fact]
    public void A_name_may_stand_for_several_drills() =>
        Assert.Equal(4, AllDrills.Find("service-crash").Length);

    private const long Price = 10_000;

    private static DateTimeOffset At(double second) => Start.AddSeconds(second);

    private static Course Course(double? alert, double good) =>
        new(Start, At(Broken), At(Healed), alert is { } at ? At(at) : null, At(good), At(60));

    // Ten answers and two bookings a second.
    private static Diary Sale(int seconds)
    {
        var diary = new Diary();
        for (var at = 0; at < seconds; at++)
        {
            for (var i = 0; i < 10; i++) diary.Add(Answer(at + i * 0.1));
            for (var i = 0; i < 2; i++) diary.Add(Visit(at + i * 0.5, VisitEnd.Booked));
        }
        return diary;
    }

    private static Call Answer(double at) => new(At(at), "7 pay", "Created", "", TimeSpan.FromMilliseconds(5), Failed: false);

    private static Call Error(double at) => new(At(at), "7 pay", "ServiceUnavailable", "overloaded", TimeSpan.FromMilliseconds(5), Failed: true);

    private static Visit Visit(double at, VisitEnd end) => new(At(at), TimeSpan.FromMilliseconds(50), end, Price);

    private static Notification Fired(string alert, double startsAt, double receivedAt) => new(At(receivedAt), alert, "firing", "page", "", "", At(startsAt));
}
