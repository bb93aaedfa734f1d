using Contracts;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;
using ServiceDefaults.Database;
using Testing;

namespace Messaging.Tests;

/// <summary>One replica of a service that has an outbox, an inbox, and a consumer of its own topic.</summary>
public sealed class TestService : IAsyncDisposable
{
    private readonly WebApplication host;

    private TestService(WebApplication host, Faults faults)
    {
        this.host = host;
        Faults = faults;
    }

    public Faults Faults { get; }

    public IServiceProvider Services => host.Services;

    public NpgsqlDataSource Database => host.Services.GetRequiredService<NpgsqlDataSource>();

    public void Wake() => host.Services.GetRequiredService<IOutbox>().Wake();

    public HttpClient Admin()
    {
        var client = new HttpClient { BaseAddress = new Uri(host.Urls.First()) };
        client.DefaultRequestHeaders.Authorization = new("Bearer", TestTokens.Admin());
        return client;
    }

    public static async Task<TestService> StartAsync(
        World world, Action<MessagingBuilder>? consumers = null, bool database = true, Faults? faults = null, Dictionary<string, string?>? settings = null)
    {
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { EnvironmentName = "Development" });
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["ConnectionStrings:kafka"] = world.Kafka,
            ["ConnectionStrings:db"] = world.Database,
            ["Database:MaxPoolSize"] = "8",
            ["Messaging:Lease"] = "00:00:02",
            ["Messaging:FirstPause"] = "00:00:00.020",
            ["Messaging:LongestPause"] = "00:00:00.500",
        }).AddInMemoryCollection(settings);
        builder.Logging.ClearProviders();
        if (Environment.GetEnvironmentVariable("MESSAGING_TESTS_LOG") is not null)
            builder.Logging.AddSimpleConsole(o => o.TimestampFormat = "HH:mm:ss.fff ");
        builder.AddServiceDefaults();
        faults ??= new Faults();
        builder.Services.AddSingleton(faults);
        if (database)
            builder.AddDatabase("db", typeof(OutboxMessage).Assembly);
        builder.AddMessaging(m =>
        {
            if (database)
                m.UseDatabase();
            consumers?.Invoke(m);
        });
        var app = builder.Build();
        app.MapDefaultEndpoints();
        app.MapDeadLetters();
        await app.StartAsync();
        return new TestService(app, faults);
    }

    public async ValueTask DisposeAsync()
    {
        await host.StopAsync();
        await host.DisposeAsync();
    }
}
