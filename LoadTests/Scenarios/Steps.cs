namespace LoadTests.Scenarios;

/// <summary>The names of the steps, as reports, thresholds and comparisons use them.</summary>
internal static class Steps
{
    public const string IssueToken = "1 issue token";
    public const string PollPosition = "2 poll position";
    public const string ListConcerts = "3 list concerts";
    public const string ListSchedules = "4 list schedules";
    public const string ListSeats = "5 list seats";
    public const string Reserve = "6 reserve";
    public const string Pay = "7 pay";

    public const string LeaveLine = "leave the line";
    public const string Cancel = "cancel";
    public const string ChargeWallet = "charge wallet";
    public const string ReadWallet = "read wallet";

    public static readonly string[] Booking = [IssueToken, PollPosition, ListConcerts, ListSchedules, ListSeats, Reserve, Pay];
}
