using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace ServiceDefaults.Tests;

public sealed class ServiceDiscoveryTests
{
    [Fact]
    public async Task A_logical_name_goes_to_the_configured_endpoints_in_turn_and_any_other_address_stays()
    {
        await using var first = await TestService.StartAsync(app => app.MapGet("/who", (string q) => "first " + q));
        await using var second = await TestService.StartAsync(app => app.MapGet("/who", (string q) => "second " + q));
        await using var caller = await TestService.StartAsync(
            configure: b => b.Services.AddHttpClient("gateway", http => http.BaseAddress = new Uri("http://gateway-primary")),
            settings:
            [
                ("services:gateway-primary:http:0", first.Client.BaseAddress!.ToString()),
                ("services:gateway-primary:http:1", second.Client.BaseAddress!.ToString()),
            ]);
        var http = caller.App.Services.GetRequiredService<IHttpClientFactory>().CreateClient("gateway");

        Assert.Equal("first 1", await http.GetStringAsync("/who?q=1"));
        Assert.Equal("second 2", await http.GetStringAsync("/who?q=2"));
        Assert.Equal("first 3", await http.GetStringAsync("https+http://gateway-primary/who?q=3"));
        Assert.Equal("second 4", await http.GetStringAsync(new Uri(second.Client.BaseAddress, "/who?q=4")));
    }
}
