using System.Net;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Xunit;

namespace ServiceDefaults.Tests;

public sealed class HealthTests
{
    [Fact]
    public async Task Health_tells_of_each_check_and_alive_does_not_care()
    {
        await using var service = await TestService.StartAsync(configure: b => b.Services.AddHealthChecks()
            .AddCheck("good", () => HealthCheckResult.Healthy())
            .AddCheck("bad", () => HealthCheckResult.Unhealthy("away")));

        using var response = await service.Client.GetAsync("/health");
        Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
        var report = JsonElement.Parse(await response.Content.ReadAsStringAsync());
        Assert.Equal("Unhealthy", report.GetProperty("status").GetString());
        Assert.Equal("Healthy", report.GetProperty("checks").GetProperty("good").GetProperty("status").GetString());
        Assert.Equal("away", report.GetProperty("checks").GetProperty("bad").GetProperty("description").GetString());
        Assert.Equal("Healthy", await service.Client.GetStringAsync("/alive"));
    }

    [Fact]
    public async Task A_storm_of_probes_is_one_run_of_the_checks()
    {
        var runs = 0;
        var release = new TaskCompletionSource();
        await using var service = await TestService.StartAsync(configure: b => b.Services.AddHealthChecks().AddAsyncCheck("slow", async () =>
        {
            Interlocked.Increment(ref runs);
            await release.Task;
            return HealthCheckResult.Healthy();
        }));

        var probes = Enumerable.Range(0, 50).Select(_ => service.Client.GetAsync("/health")).ToArray();
        while (Volatile.Read(ref runs) == 0)
            await Task.Yield();
        release.SetResult();
        Assert.All(await Task.WhenAll(probes), p => Assert.Equal(HttpStatusCode.OK, p.StatusCode));
        Assert.True(runs <= 2, $"{runs} runs");
    }

    [Fact]
    public async Task A_check_that_never_answers_is_unhealthy_and_does_not_hang_the_probe()
    {
        await using var service = await TestService.StartAsync(configure: b => b.Services.AddHealthChecks().AddAsyncCheck("stuck", async () =>
        {
            // It does not look at its token either.
            await new TaskCompletionSource().Task;
            return HealthCheckResult.Healthy();
        }));
        using var response = await service.Client.GetAsync("/health");
        Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
    }
}
