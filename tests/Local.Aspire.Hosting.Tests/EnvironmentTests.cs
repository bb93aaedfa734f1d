using System.Net.Http.Json;
using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting.Tests;

/// <summary>The variables a service gets are those that real Aspire gives it.</summary>
public sealed class EnvironmentTests
{
    [Fact]
    public async Task A_service_finds_its_stores_and_neighbours_by_Aspires_names()
    {
        await using var application = await TestApplication.StartAsync(builder =>
        {
            builder.Configuration["Parameters:greeting"] = "hello";
            var redis = builder.AddRedis("redis");
            var postgres = builder.AddPostgres("postgres");
            var database = postgres.AddDatabase("seats-db", "seats");
            var neighbour = builder.AddProject<Projects.Testing_Service>("gateway-primary").WithHttpEndpoint();
            builder.AddProject<Projects.Testing_Service>("service")
                .WithHttpEndpoint().WithHttpHealthCheck("/health")
                .WithReference(redis).WithReference(database).WithReference(neighbour)
                .WithEnvironment("GREETING", builder.AddParameter("greeting"));
        });
        await application.HealthyAsync("service");
        await application.HealthyAsync("seats-db");
        using var client = new HttpClient { BaseAddress = new Uri(application.Status("service").Urls[0]) };
        var environment = (await client.GetFromJsonAsync<Dictionary<string, string>>("/environment", TestContext.Current.CancellationToken))!;

        var redisPort = new Uri(application.Status("redis").Urls[0]).Port;
        var redisPassword = environment["REDIS_PASSWORD"];
        Assert.Equal(22, redisPassword.Length);
        Assert.Equal($"localhost:{redisPort},password={redisPassword}", environment["ConnectionStrings__redis"]);
        Assert.Equal("localhost", environment["REDIS_HOST"]);
        Assert.Equal($"{redisPort}", environment["REDIS_PORT"]);
        Assert.Equal($"redis://:{redisPassword}@localhost:{redisPort}", environment["REDIS_URI"]);

        var postgresPort = new Uri(application.Status("postgres").Urls[0]).Port;
        var password = environment["SEATS_DB_PASSWORD"];
        Assert.Equal($"Host=localhost;Port={postgresPort};Username=postgres;Password={password};Database=seats", environment["ConnectionStrings__seats-db"]);
        Assert.Equal("seats", environment["SEATS_DB_DATABASENAME"]);
        Assert.Equal($"postgresql://postgres:{password}@localhost:{postgresPort}/seats", environment["SEATS_DB_URI"]);
        Assert.Equal($"jdbc:postgresql://localhost:{postgresPort}/seats", environment["SEATS_DB_JDBCCONNECTIONSTRING"]);

        var neighbourUrl = application.Status("gateway-primary").Urls[0];
        Assert.Equal(neighbourUrl, environment["services__gateway-primary__http__0"]);
        Assert.Equal(neighbourUrl, environment["GATEWAY_PRIMARY_HTTP"]);

        Assert.Equal("hello", environment["GREETING"]);
        Assert.Equal(application.Status("service").Urls[0], environment["ASPNETCORE_URLS"]);
        Assert.Equal("simple", environment["LOGGING__CONSOLE__FORMATTERNAME"]);
        Assert.DoesNotContain("OTEL_EXPORTER_OTLP_ENDPOINT", environment.Keys);
    }

    [Fact]
    public async Task Telemetry_is_sent_only_where_somebody_takes_it()
    {
        await using var application = await TestApplication.StartAsync(
            builder => builder.AddProject<Projects.Testing_Service>("service").WithHttpEndpoint().WithHttpHealthCheck("/health"),
            state: null, "--ASPIRE_DASHBOARD_OTLP_HTTP_ENDPOINT_URL", "http://localhost:1");
        await application.HealthyAsync("service");
        using var client = new HttpClient { BaseAddress = new Uri(application.Status("service").Urls[0]) };
        var environment = (await client.GetFromJsonAsync<Dictionary<string, string>>("/environment", TestContext.Current.CancellationToken))!;

        Assert.Equal("http://localhost:1", environment["OTEL_EXPORTER_OTLP_ENDPOINT"]);
        Assert.Equal("http/protobuf", environment["OTEL_EXPORTER_OTLP_PROTOCOL"]);
        Assert.Equal("service", environment["OTEL_SERVICE_NAME"]);
    }

    [Theory]
    [InlineData("")]
    [InlineData("1st")]
    [InlineData("a--b")]
    [InlineData("a-")]
    [InlineData("a_b")]
    public void A_name_that_real_Aspire_refuses_is_refused_here(string name) =>
        Assert.Throws<ArgumentException>(() => DistributedApplication.CreateBuilder(["--state", "unused"]).AddRedis(name));
}
