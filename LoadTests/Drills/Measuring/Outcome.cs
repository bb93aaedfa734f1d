namespace LoadTests.Drills;

/// <summary>Everything that a drill brought to light.</summary>
internal sealed record Outcome(
    Drill Drill, Course Course, Impact Impact, Diary Diary, bool Watched, IReadOnlyList<Notification> Notifications, IReadOnlyList<string> BooksFindings, IReadOnlyList<Finding> Findings)
{
    public Severity Severity => Severities.Of(Impact, Course.Over - Course.BrokenAt, BooksFindings.Count == 0);

    public bool Passed => Findings.All(f => f.Holds);
}

/// <summary>One part of the hypothesis, and whether it held.</summary>
internal sealed record Finding(string Expected, string Measured, bool Holds);
