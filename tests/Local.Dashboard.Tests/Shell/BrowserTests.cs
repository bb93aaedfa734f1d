using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using Contracts;
using Local.Processes;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Local.Dashboard.Tests.Shell;

/// <summary>The dashboard of the real system, in a real browser.</summary>
public sealed partial class BrowserTests(RunningDashboard dashboard)
{
    private static readonly string[] Pages = ["/", "/?view=graph", "/?selected=payment", "/console", "/messaging", "/sale"];

    [GeneratedRegex(@"[0-9] %", RegexOptions.None, 1000)]
    private static partial Regex Percentage { get; }

    [Fact]
    public async Task The_resources_page_lists_what_really_runs()
    {
        var page = await dashboard.OpenAsync("/");
        // The load tests start when somebody asks for them; another test here does.
        foreach (var resource in (await dashboard.ResourcesAsync()).Where(r => r.Name != ResourceNames.LoadTests))
            await Expect(Row(page, resource.Name)).ToContainTextAsync("Running");

        var queue = await dashboard.ResourceAsync(ResourceNames.Queue);
        await Row(page, queue.Name).GetByRole(AriaRole.Link, new() { Name = queue.Name, Exact = true }).ClickAsync();

        var details = page.GetByRole(AriaRole.Complementary);
        await Expect(details).ToContainTextAsync(queue.ProcessIds.Single().ToString(CultureInfo.InvariantCulture));
        await Expect(details).ToContainTextAsync("/health");
        await Expect(Row(page, queue.Name)).ToContainTextAsync(Percentage); // Measured after the page was opened, and shown without a click.
    }

    [Fact]
    public async Task A_restart_from_the_page_gives_another_process_without_a_reload()
    {
        var page = await dashboard.OpenAsync($"/?selected={ResourceNames.PrimaryGateway}");
        await page.EvaluateAsync("window.here = true");
        var before = (await dashboard.ResourceAsync(ResourceNames.PrimaryGateway)).ProcessIds.Single().ToString(CultureInfo.InvariantCulture);
        var process = page.GetByRole(AriaRole.Complementary).Locator("table.plain tbody tr");
        await Expect(process).ToContainTextAsync(before);

        await page.GetByRole(AriaRole.Complementary).GetByRole(AriaRole.Button, new() { Name = "Restart" }).ClickAsync();

        await Expect(page.Locator(".toast")).ToContainTextAsync("starting again");
        await Expect(process).Not.ToContainTextAsync(before);
        await Expect(Row(page, ResourceNames.PrimaryGateway).Locator(".is-good")).ToBeVisibleAsync();
        Assert.True(await page.EvaluateAsync<bool>("window.here === true"));
    }

    [Fact]
    public async Task A_frozen_gateway_is_unhealthy_with_the_cause_until_it_goes_on()
    {
        var page = await dashboard.OpenAsync("/console");
        var state = Row(page, ResourceNames.BackupGateway).Locator(".state");
        var pid = (await dashboard.ResourceAsync(ResourceNames.BackupGateway)).ProcessIds.Single();
        try
        {
            Assert.Equal(0, LibC.Kill(pid, (int)Signal.Stop));
            // Found out although nobody looks.
            while ((await dashboard.ResourceAsync(ResourceNames.BackupGateway)).Healthy is true)
                await Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System, TestContext.Current.CancellationToken);
            await page.GotoAsync(new Uri(new Uri(page.Url), $"/?selected={ResourceNames.BackupGateway}").ToString());
            await Expect(state).ToHaveTextAsync("Unhealthy");
            await Expect(page.GetByRole(AriaRole.Complementary).Locator(".failure")).ToContainTextAsync("Timeout");
        }
        finally
        {
            _ = LibC.Kill(pid, (int)Signal.Continue);
        }
        await Expect(state).ToHaveTextAsync("Running");
    }

    [Fact]
    public async Task Load_tests_start_and_stop_from_the_page()
    {
        var page = await dashboard.OpenAsync("/");
        var row = Row(page, ResourceNames.LoadTests);
        await row.GetByRole(AriaRole.Button, new() { Name = "Start" }).ClickAsync();
        await Expect(row.Locator(".state")).ToContainTextAsync("Running");

        var console = await dashboard.OpenAsync($"/console?resource={ResourceNames.LoadTests}");
        await Expect(console.Locator(".console .lines > div").Filter(new() { HasText = "data set: 20 concerts, 200 schedules, 30,000 seats" })).ToBeVisibleAsync();

        await row.GetByRole(AriaRole.Button, new() { Name = "Stop" }).ClickAsync();
        await Expect(row.GetByRole(AriaRole.Button, new() { Name = "Start" })).ToBeVisibleAsync();
    }

    [Fact]
    public async Task No_secret_is_part_of_any_page_and_one_is_shown_when_asked_for()
    {
        var secrets = JsonSerializer.Deserialize<Dictionary<string, string>>(await File.ReadAllTextAsync(Path.Combine((await StateAsync()), "parameters.json")))!;
        Assert.NotEmpty(secrets);
        using var client = await dashboard.SignInAsync();
        var names = (await dashboard.ResourcesAsync()).Select(r => r.Name).ToList();
        foreach (var path in Pages.Concat(names.Select(n => $"/?selected={n}")).Append("/console/download"))
        {
            var html = await client.GetStringAsync(new Uri(path, UriKind.Relative));
            Assert.DoesNotContain(secrets.Values, secret => html.Contains(secret, StringComparison.Ordinal));
        }

        var page = await dashboard.OpenAsync($"/?selected={ResourceNames.Payment}");
        var variable = page.Locator("tr[data-key='ConnectionStrings__paymentdb']");
        await Expect(variable).ToContainTextAsync("●●●●●●");
        await variable.GetByRole(AriaRole.Button).ClickAsync();
        await Expect(variable).ToContainTextAsync("Password=" + secrets["postgres-password"]);
    }

    [Fact]
    public async Task Console_lines_are_filtered_and_come_while_one_looks()
    {
        var page = await dashboard.OpenAsync($"/console?resource={ResourceNames.Concert}");
        var lines = page.Locator(".console .lines > div");
        await Expect(lines.Filter(new() { HasText = "Application started" }).First).ToBeVisibleAsync();

        await page.GetByRole(AriaRole.Searchbox).FillAsync("now listening");

        await Expect(lines.Filter(new() { HasText = "Application started" })).ToHaveCountAsync(0);
        await Expect(lines.First).ToContainTextAsync("Now listening on");
        Assert.Contains("q=now", page.Url, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_sale_page_shows_a_ticket_taken_meanwhile()
    {
        var page = await dashboard.OpenAsync("/sale");
        var issued = page.Locator("tr[data-key='3'] td[data-label=Issued]");
        var before = await issued.InnerTextAsync();
        using var queue = new HttpClient { BaseAddress = new Uri((await dashboard.ResourceAsync(ResourceNames.Queue)).Urls[0]) };
        await Booking.TakeTicketAsync(queue, userId: 33, concertId: 3);
        await Expect(issued).Not.ToHaveTextAsync(before);
    }

    [Fact]
    public async Task No_page_is_wider_than_a_phone()
    {
        var page = await dashboard.OpenAsync("/", width: 390, height: 844);
        foreach (var path in Pages)
        {
            await page.GotoAsync(new Uri(new Uri(page.Url), path).ToString());
            Assert.True(await page.EvaluateAsync<int>("document.documentElement.scrollWidth") <= 390, $"{path} is wider than the window.");
        }
    }

    [Fact]
    public async Task Every_page_is_reached_by_a_key()
    {
        var page = await dashboard.OpenAsync("/");
        foreach (var (key, title) in new[] { ("c", "Console"), ("g", "Messaging"), ("l", "Line and sale"), ("r", "Resources") })
        {
            await page.Keyboard.PressAsync(key);
            await Expect(page).ToHaveTitleAsync(title);
        }
    }

    private static ILocator Row(IPage page, string resource) => page.Locator($"table.resources tr[data-key='{resource}']");

    private async Task<string> StateAsync()
    {
        await dashboard.ResourcesAsync();
        return dashboard.State;
    }
}
