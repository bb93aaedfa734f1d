using Contracts;
using Local.Dashboard.Tests.Shell;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Local.Dashboard.Tests.Telemetry;

/// <summary>The pages of telemetry with a real booking of the real system, in a real browser.</summary>
public sealed class TelemetryPagesTests(RunningDashboard dashboard)
{
    private static readonly LocatorAssertionsToContainTextOptions Patiently = new() { Timeout = 20_000 };

    [Fact]
    public async Task A_booking_is_one_trace_through_every_service_and_both_topics()
    {
        using var booking = new TracedBooking(dashboard);
        await booking.BookAsync(userId: 4711);
        var page = await dashboard.OpenAsync($"/traces/{booking.TraceId}");
        var spans = page.Locator(".waterfall");
        foreach (var name in new[] { "POST /api/v1/queue/tokens", "GET /api/v1/schedules/{id}/seats", "POST /api/v1/reservations", "POST /api/v1/payments", "send payments", "process payments", "send reservations", "process reservations", "redis", "postgresql reservationdb", "postgresql paymentdb" })
            await Expect(spans).ToContainTextAsync(name, Patiently);
        // The event of the confirmed seat: caused by what was caused by the payment.
        var confirmed = page.Locator(".span-row", new() { HasText = $"{ResourceNames.Concert}" }).Filter(new() { HasText = "process reservations" });
        await Expect(confirmed).ToHaveCountAsync(2, new() { Timeout = 20_000 });

        await page.Locator(".span-row", new() { HasText = "POST /api/v1/payments" }).Locator(".row-link").ClickAsync();
        await Expect(page.GetByRole(AriaRole.Complementary)).ToContainTextAsync("http.response.status_code");
        await page.GetByRole(AriaRole.Link, new() { Name = "Collapse all" }).ClickAsync();
        await Expect(spans).Not.ToContainTextAsync("line issue");
        await Expect(page.GetByRole(AriaRole.Link, new() { Name = "Expand all" })).ToBeVisibleAsync();
    }

    [Fact]
    public async Task The_list_of_traces_filters_as_one_types_and_keeps_the_filter_in_its_address()
    {
        using var booking = new TracedBooking(dashboard);
        await booking.BookAsync(userId: 4712);
        var page = await dashboard.OpenAsync("/traces");
        var row = page.Locator($"tr[data-key='{booking.TraceId}']");
        await Expect(row).ToContainTextAsync(ResourceNames.Payment, Patiently);
        await page.GetByRole(AriaRole.Searchbox).FillAsync(booking.TraceId[..8]);
        await page.WaitForURLAsync($"**q={booking.TraceId[..8]}*");
        await Expect(page.Locator("table.traces tbody tr:not(.gap)")).ToHaveCountAsync(1);
        await page.Locator("[name=errors]").CheckAsync();
        await Expect(page.Locator(".empty")).ToContainTextAsync("No trace is like that");
    }

    [Fact]
    public async Task Logs_metrics_latencies_and_the_map_show_what_happened()
    {
        using var booking = new TracedBooking(dashboard);
        await booking.BookAsync(userId: 4713);

        var page = await dashboard.OpenAsync("/structuredlogs?q=Application+started");
        await page.Locator("table.logs .row-link").First.ClickAsync();
        await Expect(page.GetByRole(AriaRole.Complementary)).ToContainTextAsync("Microsoft.Hosting.Lifetime");

        await page.GotoAsync($"/metrics?resource={ResourceNames.Payment}&by=http.route&count=true".Insert(0, new Uri(page.Url).GetLeftPart(UriPartial.Authority)));
        await Expect(page.Locator(".legend")).ToContainTextAsync("/api/v1/payments", Patiently);

        await page.GetByRole(AriaRole.Link, new() { Name = "Latency" }).ClickAsync();
        await Expect(page.Locator("table")).ToContainTextAsync("POST /api/v1/payments", Patiently);
        await page.GetByRole(AriaRole.Link, new() { Name = "Service map" }).ClickAsync();
        await Expect(page.Locator(".map")).ToContainTextAsync("kafka payments", Patiently);
        await Expect(page.Locator("table")).ToContainTextAsync("→ kafka reservations", Patiently);
    }

    [Theory]
    [InlineData("/traces")]
    [InlineData("/structuredlogs")]
    [InlineData("/metrics")]
    [InlineData("/latency")]
    [InlineData("/map")]
    public async Task A_page_fits_a_phone(string path)
    {
        var page = await dashboard.OpenAsync(path, width: 390, height: 844);
        await Expect(page.Locator("main h1")).ToBeVisibleAsync();
        Assert.True(await page.EvaluateAsync<int>("document.documentElement.scrollWidth - innerWidth") <= 0);
    }
}
