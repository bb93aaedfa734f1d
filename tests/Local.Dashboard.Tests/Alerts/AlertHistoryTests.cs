using Local.Dashboard.Alerts;

namespace Local.Dashboard.Tests.Alerts;

public sealed class AlertHistoryTests
{
    private static readonly DateTimeOffset Noon = new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Notifications_of_one_time_that_an_alert_fired_are_one()
    {
        var all = AlertHistory.Of([Told(9, "firing", 8), Told(5, "resolved", 1, ends: 4), Told(2, "firing", 1)], watchedSince: null);
        Assert.Equal([(8, null), (1, 4)], all.Select(a => (Minute(a.From), a.To is { } to ? Minute(to) : (int?)null)));
        Assert.Equal([true, false], all.Select(a => a.IsFiring));
    }

    [Fact]
    public void What_was_never_taken_back_before_a_restart_does_not_fire_for_ever()
    {
        var alert = Assert.Single(AlertHistory.Of([Told(2, "firing", 1)], watchedSince: Noon.AddMinutes(3)));
        Assert.True(alert.IsLost);
        Assert.False(alert.IsFiring);
        Assert.Equal(2, Minute(alert.To!.Value));
    }

    [Fact]
    public void An_alert_about_no_single_service_is_about_each()
    {
        var whole = Assert.Single(AlertHistory.Of([Told(2, "firing", 1)], watchedSince: null));
        var one = whole with { Labels = new Dictionary<string, string>(StringComparer.Ordinal) { ["job"] = "queue" } };
        Assert.Equal([true, true, false], new[] { whole.IsAbout("queue"), one.IsAbout("queue"), one.IsAbout("payment") });
    }

    private static AlertNotification Told(int minute, string status, int starts, int? ends = null) =>
        new(Noon.AddMinutes(minute), "A", status, "page", "", "", new Dictionary<string, string>(StringComparer.Ordinal), Noon.AddMinutes(starts), ends is { } end ? Noon.AddMinutes(end) : null, "f");

    private static int Minute(long ticks) => (int)TimeSpan.FromTicks(ticks - Noon.Ticks).TotalMinutes;
}
