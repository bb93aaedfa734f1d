using System.Text.RegularExpressions;
using Contracts;
using Local.Dashboard.Tests.Shell;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Local.Dashboard.Tests.Telemetry;

/// <summary>The pages of telemetry with a real booking of the real system, in a real browser.</summary>
[Collection(Booking.Collection)]
public sealed class TelemetryPagesTests(RunningDashboard dashboard)
{
    private static readonly string[] Pages = ["/traces", "/structuredlogs", "/metrics", "/metrics?show=table", "/latency", "/map", "/alerts"];

    [Fact]
    public async Task A_booking_is_one_trace_through_every_service_and_both_topics()
    {
        using var booking = new TracedBooking(dashboard, userId: 21);
        await booking.BookAsync();
        var page = await dashboard.OpenAsync("/traces");
        // Open before the last spans are there: it fills while one looks.
        await page.GotoAsync(new Uri(new Uri(page.Url), $"/traces/{booking.TraceId}").ToString());

        var row = page.Locator(".span-row");
        foreach (var (service, name) in new[]
        {
            (ResourceNames.Queue, "POST /api/v1/queue/tokens"), (ResourceNames.Queue, "redis"),
            (ResourceNames.Concert, "GET /api/v1/schedules/{id}/seats"),
            (ResourceNames.Reservation, "POST /api/v1/reservations"), (ResourceNames.Reservation, "postgresql reservationdb"),
            (ResourceNames.Payment, "POST /api/v1/payments"), (ResourceNames.Payment, "postgresql paymentdb"),
            (ResourceNames.Payment, "send payments"), (ResourceNames.Reservation, "process payments"),
            (ResourceNames.Reservation, "send reservations"), (ResourceNames.Concert, "process reservations"), (ResourceNames.Queue, "process reservations"),
        })
            await Expect(row.Filter(new() { HasText = service }).Filter(new() { HasText = name }).First).ToBeVisibleAsync();
        // Once for the held seat, once for the sold one, which was caused by the payment.
        await Expect(row.Filter(new() { HasText = ResourceNames.Concert }).Filter(new() { HasText = "process reservations" })).ToHaveCountAsync(2);

        await row.Filter(new() { HasText = "POST /api/v1/payments" }).Locator(".row-link").ClickAsync();
        await Expect(page.GetByRole(AriaRole.Complementary)).ToContainTextAsync("http.response.status_code");
        await page.GetByRole(AriaRole.Link, new() { Name = "Collapse all" }).ClickAsync();
        await Expect(row.Filter(new() { HasText = "process payments" })).ToHaveCountAsync(0);
        await page.GetByRole(AriaRole.Link, new() { Name = "Expand all" }).ClickAsync();
        await Expect(row.Filter(new() { HasText = "process payments" })).ToHaveCountAsync(1);
    }

    [Fact]
    public async Task The_list_of_traces_filters_as_one_types_and_keeps_the_filter_in_its_address()
    {
        using var booking = new TracedBooking(dashboard, userId: 22);
        await booking.BookAsync();
        var page = await dashboard.OpenAsync("/traces");
        var rows = page.Locator("table.traces tbody tr:not(.gap)");

        await page.GetByRole(AriaRole.Searchbox).FillAsync(booking.TraceId);
        await Expect(rows).ToHaveCountAsync(1);
        await Expect(rows).ToContainTextAsync(ResourceNames.Payment);
        Assert.Contains($"q={booking.TraceId}", page.Url, StringComparison.Ordinal);
        await page.Locator("[name=errors]").CheckAsync();
        // On a slow machine a booking may have met an error; none takes ten minutes.
        await page.Locator("[name=min]").FillAsync("600000");
        await Expect(page).ToHaveURLAsync(new Regex("errors=true.*min=600000|min=600000.*errors=true"));
        await Expect(page.Locator(".empty")).ToContainTextAsync("No trace is like that");
        await page.ReloadAsync();
        await Expect(page.GetByRole(AriaRole.Searchbox)).ToHaveValueAsync(booking.TraceId);
        await Expect(page.Locator("[name=errors]")).ToBeCheckedAsync();
        await Expect(page.Locator("[name=min]")).ToHaveValueAsync("600000");
    }

    [Fact]
    public async Task Structured_logs_filter_by_resource_level_and_text_and_show_one_entry_whole()
    {
        var page = await dashboard.OpenAsync("/structuredlogs");
        var rows = page.Locator("table.logs tbody tr:not(.gap)");
        await page.Locator("select[name=resource]").SelectOptionAsync(ResourceNames.Payment);
        await page.GetByRole(AriaRole.Searchbox).FillAsync("Application started");
        await Expect(rows).ToHaveCountAsync(1);
        await rows.Locator(".row-link").ClickAsync();
        await Expect(page.GetByRole(AriaRole.Complementary)).ToContainTextAsync("Microsoft.Hosting.Lifetime");
        await page.Locator("[name=level]").SelectOptionAsync("Error");
        await Expect(page.Locator(".empty")).ToContainTextAsync("No entry is like that");
    }

    [Fact]
    public async Task Metrics_latencies_and_the_map_show_what_happened()
    {
        using var booking = new TracedBooking(dashboard, userId: 23);
        await booking.BookAsync();

        var page = await dashboard.OpenAsync($"/metrics?resource={ResourceNames.Payment}&by=http.route&count=true");
        await Expect(page.Locator(".legend:not(.fired)")).ToContainTextAsync("/api/v1/payments");

        await page.GetByRole(AriaRole.Link, new() { Name = "Latency", Exact = true }).ClickAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = "POST /api/v1/payments" }).ClickAsync();
        await Expect(page.Locator(".legend:not(.fired)").First).ToContainTextAsync("p99");

        await page.GetByRole(AriaRole.Link, new() { Name = "Service map" }).ClickAsync();
        await Expect(page.Locator("svg[aria-label='Who calls whom']")).ToContainTextAsync("payments");
        await Expect(page.Locator("tr[data-key='payment > kafka payments']")).ToContainTextAsync("/min");
    }

    [Fact]
    public async Task No_page_of_telemetry_is_wider_than_a_phone()
    {
        using var booking = new TracedBooking(dashboard, userId: 24);
        await booking.BookAsync();
        var page = await dashboard.OpenAsync("/traces", width: 390, height: 844);
        foreach (var path in Pages.Append($"/traces/{booking.TraceId}"))
        {
            await page.GotoAsync(new Uri(new Uri(page.Url), path).ToString());
            await Expect(page.Locator("main h1")).ToBeVisibleAsync();
            Assert.True(await page.EvaluateAsync<int>("document.documentElement.scrollWidth") <= 390, $"{path} is wider than the window.");
        }
    }
}
