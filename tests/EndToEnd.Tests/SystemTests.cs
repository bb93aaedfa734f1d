using System.Diagnostics;
using System.Net;
using System.Text.Json;
using Contracts;
using Testing;

namespace EndToEnd.Tests;

public sealed class SystemTests(RunningSystem system)
{
    public static TheoryData<string> Services => [ResourceNames.Queue, ResourceNames.Concert, ResourceNames.Reservation, ResourceNames.Payment];

    [Theory]
    [MemberData(nameof(Services))]
    public async Task Every_service_is_ready_and_describes_itself(string service)
    {
        using var client = system.Client(service);
        foreach (var path in new[] { "/health", "/alive", "/metrics", "/openapi/v1.json" })
        {
            using var answer = await client.GetAsync(new Uri(path, UriKind.Relative), TestContext.Current.CancellationToken);
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        }
    }

    [Theory]
    [MemberData(nameof(Services))]
    public async Task What_is_not_there_is_a_problem(string service)
    {
        using var client = system.Client(service);
        using var answer = await client.GetAsync(new Uri("/nope", UriKind.Relative), TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType?.MediaType);
        using var problem = JsonDocument.Parse(await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        Assert.StartsWith("urn:concert:problem:", problem.RootElement.GetProperty("type").GetString(), StringComparison.Ordinal);
    }

    /// <summary>What the README tells people to try.</summary>
    [Fact]
    public async Task Kcat_lists_the_topics()
    {
        await Machine.NeedsAsync("kcat", "kcat");
        using var kcat = Process.Start(new ProcessStartInfo("kcat", ["-b", system.Resource(ResourceNames.Kafka).ConnectionString!, "-L"]) { RedirectStandardOutput = true, UseShellExecute = false })!;
        var listed = await kcat.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        Assert.Contains($"topic \"{Topics.Reservations}\" with {Topics.Partitions} partitions:", listed, StringComparison.Ordinal);
        Assert.Contains($"topic \"{Topics.Payments}\" with {Topics.Partitions} partitions:", listed, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_killed_service_is_brought_back()
    {
        var before = system.Resource(ResourceNames.BackupGateway);
        using (var process = Process.GetProcessById(before.ProcessIds.Single()))
            process.Kill();

        await system.EventuallyAsync(all => all.Single(r => r.Name == before.Name) is { IsUp: true } now && now.Restarts > before.Restarts);

        using var client = system.Client(before.Name);
        using var answer = await client.GetAsync(new Uri("/health", UriKind.Relative), TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }
}
