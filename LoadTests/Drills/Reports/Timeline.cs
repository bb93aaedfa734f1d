namespace LoadTests.Drills;

/// <summary>What happened, in the order in which it did.</summary>
internal static class Timeline
{
    public static IEnumerable<(DateTimeOffset At, string What)> Of(Outcome outcome)
    {
        var course = outcome.Course;
        var events = new List<(DateTimeOffset At, string What)>
        {
            (course.Began, "customers come at a steady rate"),
            (course.BrokenAt, $"fault: {outcome.Drill.Fault}"),
            (course.HealedAt, "the fault is lifted"),
        };
        if (outcome.Diary.Calls.Where(c => c.Failed && c.At + c.Took >= course.BrokenAt).MinBy(c => c.At + c.Took) is { } first)
            events.Add((first.At + first.Took, $"a customer sees the first error: {first.Step}, {first.Answer}"));
        if (outcome.Diary.Calls.Where(c => c.Failed && c.At < course.Over).MaxBy(c => c.At + c.Took) is { } last && last.At + last.Took >= course.BrokenAt)
            events.Add((last.At + last.Took, $"a customer sees the last error: {last.Step}, {last.Answer}"));
        if (course.GoodAgainAt is { } good) events.Add((good, "from here on the service level is kept"));
        // Once for each alert of each service: reminders say nothing new.
        events.AddRange(outcome.Notifications.GroupBy(n => (n.Alert, n.Status, n.StartsAt)).Select(g => g.First()).Select(n => (n.ReceivedAt, Describe(n, course))));
        events.Add((course.Ended, "the watch ends"));
        return events.OrderBy(e => e.At);
    }

    private static string Describe(Notification n, Course course) => n.IsFiring
        ? $"notification ({n.Severity}): {n.Alert}: {n.Summary}{(n.StartsAt < course.BrokenAt ? " (It began before the fault, and does not count.)" : "")}"
        : $"notification: {n.Alert} is over";
}
