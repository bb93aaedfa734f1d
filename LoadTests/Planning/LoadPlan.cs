namespace LoadTests.Planning;

/// <summary>Derives a load test's targets from how many people use the service.</summary>
/// <param name="DailyUsers">People who come on one day.</param>
/// <param name="VisitsPerUser">How often each of them comes.</param>
/// <param name="PeakFactor">How many times busier the peak is than the average.</param>
/// <param name="RequestsPerVisit">Requests of one visit (one iteration).</param>
/// <param name="RequestTime">How long one request is expected to take.</param>
/// <param name="WaitTime">How long one iteration waits besides.</param>
internal sealed record LoadPlan(long DailyUsers, double VisitsPerUser, double PeakFactor, int RequestsPerVisit, TimeSpan RequestTime, TimeSpan WaitTime)
{
    private const double SecondsPerDay = 86_400;

    public double DailyTotal => DailyUsers * VisitsPerUser;

    public double AverageRps => DailyTotal / SecondsPerDay;

    public double PeakRps => AverageRps * PeakFactor;

    /// <summary>T: how long one virtual user needs for one iteration.</summary>
    public TimeSpan IterationTime => RequestsPerVisit * RequestTime + WaitTime;

    /// <summary>VUs = target rps × T ÷ R, rounded up: a part of a user sends nothing.</summary>
    public int VirtualUsersFor(double rps) => (int)Math.Ceiling(Math.Round(rps * IterationTime.TotalSeconds / RequestsPerVisit, 6));
}
