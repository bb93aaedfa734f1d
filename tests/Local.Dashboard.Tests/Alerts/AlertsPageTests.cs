using System.Net.Http.Json;
using Contracts;
using Local.Dashboard.Tests.Shell;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Local.Dashboard.Tests.Alerts;

/// <summary>What Alertmanager tells the running system's receiver, in a real browser.</summary>
public sealed class AlertsPageTests(RunningDashboard dashboard)
{
    [Fact]
    public async Task An_alert_shows_while_it_fires_and_its_time_stays_on_the_charts()
    {
        var began = TimeProvider.System.GetUtcNow() - TimeSpan.FromMinutes(1);
        var page = await dashboard.OpenAsync("/alerts");
        var firing = page.GetByLabel("Firing now", new() { Exact = true }).Locator("tbody tr").Filter(new() { HasText = "TooFewSeats" });
        var fired = page.Locator(".fired .span-row").Filter(new() { HasText = "TooFewSeats" });
        await Expect(firing).ToHaveCountAsync(0);

        await NotifyAsync("firing", began, ends: default);
        await Expect(firing).ToContainTextAsync("Seats of payment run out.");
        await firing.Locator(".row-link").ClickAsync();
        await Expect(page.GetByRole(AriaRole.Complementary)).ToContainTextAsync("docs/incidents/runbooks/TooFewSeats.md");

        await NotifyAsync("resolved", began, ends: began + TimeSpan.FromSeconds(30));
        await Expect(firing).ToHaveCountAsync(0);
        await Expect(fired.Locator("i[title*='30 s']")).ToHaveCountAsync(1);

        await page.GetByRole(AriaRole.Complementary).GetByRole(AriaRole.Link, new() { Name = "Metrics" }).ClickAsync();
        var onChart = page.GetByLabel("http.server.request.duration").Locator("a.fired").Filter(new() { HasText = "TooFewSeats" });
        await Expect(onChart).ToHaveCountAsync(1);
        // Half a minute of five.
        var mark = onChart.Locator(".mark");
        Assert.InRange(double.Parse((await mark.GetAttributeAsync("width"))!, System.Globalization.CultureInfo.InvariantCulture), 55, 75);
        await page.Locator("select[name=resource]").SelectOptionAsync(ResourceNames.Queue);
        await Expect(onChart).ToHaveCountAsync(0); // It is about another service.
    }

    private async Task NotifyAsync(string status, DateTimeOffset starts, DateTimeOffset ends)
    {
        using var receiver = new HttpClient { BaseAddress = new Uri((await dashboard.ResourceAsync("alerts")).Urls[0]) };
        using var answer = await receiver.PostAsJsonAsync("/api/v1/notifications", new
        {
            Alerts = new[]
            {
                new
                {
                    status,
                    labels = new { alertname = "TooFewSeats", severity = "ticket", job = ResourceNames.Payment },
                    annotations = new { summary = "Seats of payment run out.", runbook_url = "docs/incidents/runbooks/TooFewSeats.md" },
                    startsAt = starts,
                    endsAt = ends,
                    fingerprint = "d4b0e1",
                },
            },
        }, TestContext.Current.CancellationToken);
        answer.EnsureSuccessStatusCode();
    }
}
