using LoadTests.Scenarios;

namespace LoadTests.Drills;

/// <summary>The least that is confirmed, in the customers' words: what does not work, what is safe, and when we tell more.</summary>
internal static class FirstNotice
{
    private const int WorthTelling = 5;

    private static readonly (string Step, string What)[] InWords =
    [
        (Steps.IssueToken, "joining the line"), (Steps.PollPosition, "seeing your place in line"), (Steps.ListConcerts, "the list of concerts"),
        (Steps.ListSchedules, "the list of dates"), (Steps.ListSeats, "the seat maps"), (Steps.Reserve, "reserving seats"), (Steps.Pay, "paying"),
    ];

    public static string Of(Outcome outcome)
    {
        var since = outcome.Course.BrokenAt;
        var broken = InWords.Where(w => Impact.FailedPercentOf(w.Step, outcome.Diary, outcome.Course) >= WorthTelling).Select(w => w.What).ToArray();
        var what = broken.Length > 0 ? $"there are errors with {string.Join(", ", broken)}"
            : outcome.Impact.Pending > 0 ? "some card payments take longer than usual"
            : "a few requests may have failed or taken longer than usual";
        return Text.Invariant($"> Since {since:HH:mm} UTC {what}. Seats that you hold and payments that you have made are safe; please do not pay twice. We are working on it, and will tell you more by {since.AddMinutes(30):HH:mm} UTC.");
    }
}
