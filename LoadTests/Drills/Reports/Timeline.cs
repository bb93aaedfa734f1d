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
        events.AddRange(outcome.Notifications.GroupBy(n => (n.Alert, n.Status)).Select(g => g.First())
            .Select(n => (n.ReceivedAt, n.IsFiring ? $"notification ({n.Severity}): {n.Alert}: {n.Summary}" : $"notification: {n.Alert} is over")));
        events.Add((course.Ended, "the watch ends"));
        return events.OrderBy(e => e.At);
    }
}
