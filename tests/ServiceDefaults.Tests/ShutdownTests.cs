using System.Net;
using Microsoft.AspNetCore.Builder;
using Xunit;

namespace ServiceDefaults.Tests;

public sealed class ShutdownTests
{
    [Fact]
    public async Task A_stopping_service_is_not_ready_but_serves_on_and_finishes_what_it_has()
    {
        var arrived = new TaskCompletionSource();
        var release = new TaskCompletionSource();
        await using var service = await TestService.StartAsync(
            app =>
            {
                app.MapGet("/slow", async () =>
                {
                    arrived.SetResult();
                    await release.Task;
                    return "done";
                });
                app.MapGet("/fast", () => "fast");
            },
            settings: [("Shutdown:DrainTime", "00:00:02")]);

        var inFlight = service.Client.GetStringAsync("/slow");
        await arrived.Task;
        // What SIGTERM does: the host's console lifetime calls this.
        var stop = service.App.StopAsync();

        using var health = await service.Client.GetAsync("/health");
        Assert.Equal(HttpStatusCode.ServiceUnavailable, health.StatusCode);
        Assert.Contains("stopping", await health.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Equal("fast", await service.Client.GetStringAsync("/fast"));
        Assert.False(stop.IsCompleted);

        release.SetResult();
        Assert.Equal("done", await inFlight);
        await stop;
        await Assert.ThrowsAsync<HttpRequestException>(() => service.Client.GetAsync("/fast"));
    }
}
