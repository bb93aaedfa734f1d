namespace LoadTests.Scenarios;

/// <summary>The names of the seven steps, as reports, thresholds and comparisons use them.</summary>
internal static class Steps
{
    public const string IssueToken = "1 issue token";
    public const string AwaitAdmission = "2 poll position";
    public const string ListConcerts = "3 list concerts";
    public const string ListSchedules = "4 list schedules";
    public const string ListSeats = "5 list seats";
    public const string Reserve = "6 reserve";
    public const string Pay = "7 pay";

    public static readonly string[] All = [IssueToken, AwaitAdmission, ListConcerts, ListSchedules, ListSeats, Reserve, Pay];
}
