using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using ServiceDefaults.Authentication;
using ServiceDefaults.Overload;
using Xunit;

namespace ServiceDefaults.Tests;

public sealed class OverloadTests
{
    [Fact]
    public async Task Beyond_what_is_served_and_queued_at_once_the_answer_is_503_and_probes_still_pass()
    {
        var arrived = new SemaphoreSlim(0);
        var release = new TaskCompletionSource();
        await using var service = await TestService.StartAsync(
            app =>
            {
                app.MapGet("/slow", async () =>
                {
                    arrived.Release();
                    await release.Task;
                    return "done";
                });
                app.MapGet("/stream", () => "open").WithoutLoadShedding();
            },
            settings: [("Overload:MaxConcurrentRequests", "2"), ("Overload:MaxQueued", "1")]);

        Task<HttpResponseMessage>[] first = [service.Client.GetAsync("/slow"), service.Client.GetAsync("/slow")];
        await arrived.WaitAsync();
        await arrived.WaitAsync();
        Task<HttpResponseMessage>[] more = [service.Client.GetAsync("/slow"), service.Client.GetAsync("/slow")];

        var refused = await await Task.WhenAny(more);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, refused.StatusCode);
        Assert.NotNull(refused.Headers.RetryAfter);
        foreach (var open in new[] { "/health", "/alive", "/metrics", "/stream" })
            Assert.Equal(HttpStatusCode.OK, (await service.Client.GetAsync(open)).StatusCode);

        release.SetResult();
        var served = (await Task.WhenAll([.. first, .. more])).Count(r => r.StatusCode == HttpStatusCode.OK);
        Assert.Equal(3, served);
    }

    [Fact]
    public async Task One_user_beyond_the_budget_gets_429_and_another_is_served()
    {
        await using var service = await TestService.StartAsync(
            app => app.MapGet("/limited", (SignedInUser user) => user.Id).RequireUser().LimitPerUser(),
            settings: [("Overload:UserBurst", "3"), ("Overload:UserRequestsPerSecond", "1")]);

        var statuses = new List<HttpStatusCode>();
        HttpResponseMessage? last = null;
        for (var i = 0; i < 20; i++)
        {
            last = await service.Client.SendAsync(As(1));
            statuses.Add(last.StatusCode);
        }
        Assert.All(statuses.Take(3), s => Assert.Equal(HttpStatusCode.OK, s));
        Assert.Contains(HttpStatusCode.TooManyRequests, statuses);
        Assert.Equal(HttpStatusCode.OK, (await service.Client.SendAsync(As(2))).StatusCode);

        HttpRequestMessage As(long user)
        {
            var request = new HttpRequestMessage(HttpMethod.Get, "/limited");
            request.Headers.Authorization = new("Bearer", service.UserToken(user));
            return request;
        }
    }

    [Fact]
    public async Task Wrong_options_stop_the_start_by_name()
    {
        var e = await Assert.ThrowsAsync<Microsoft.Extensions.Options.OptionsValidationException>(
            () => TestService.StartAsync(settings: [("Overload:MaxConcurrentRequests", "0")]));
        Assert.Contains("Overload:MaxConcurrentRequests", e.Message, StringComparison.Ordinal);
    }
}
