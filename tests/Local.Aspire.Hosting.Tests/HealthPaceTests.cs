using Local.Engine;

namespace Aspire.Hosting.Tests;

public sealed class HealthPaceTests
{
    [Fact]
    public void A_process_that_stops_answering_is_found_within_five_seconds()
    {
        var pace = new HealthPace();
        pace.Next(healthy: true);
        Assert.InRange(pace.Next(healthy: true) + ProgramWorkload.ProbePatience, TimeSpan.Zero, TimeSpan.FromSeconds(4.5));
    }

    [Fact]
    public void A_process_that_answers_again_is_found_within_five_seconds()
    {
        var pace = new HealthPace();
        pace.Next(healthy: true);
        Assert.All(Enumerable.Range(0, 100), _ => Assert.InRange(pace.Next(healthy: false), TimeSpan.Zero, TimeSpan.FromSeconds(5)));
    }
}
