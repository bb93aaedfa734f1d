using System.Net;
using System.Text.Json;
using Confluent.Kafka;
using Microsoft.AspNetCore.Builder;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Npgsql;
using ServiceDefaults.Database;
using ServiceDefaults.Redis;
using StackExchange.Redis;
using Testing;
using Xunit;

namespace ServiceDefaults.Tests;

/// <summary>The clients as services register them, against the real stores.</summary>
[Collection(nameof(MetricsTests))]
public sealed class StoreTests(Infrastructure infrastructure)
{
    private sealed class ShopContext(DbContextOptions<ShopContext> options) : DbContext(options);

    [Fact]
    public async Task A_service_is_healthy_with_its_stores_and_each_client_works()
    {
        var postgres = await (await infrastructure.PostgresAsync()).CreateDatabaseAsync();
        var redis = (await infrastructure.RedisAsync()).ConnectionString;
        await using var service = await TestService.StartAsync(
            configure: builder =>
            {
                builder.AddDatabase("db");
                builder.AddNpgsqlDbContext<ShopContext>("db");
                builder.AddRedisClient("redis");
            },
            settings: [("ConnectionStrings:db", postgres), ("ConnectionStrings:redis", redis), ("Redis:Timeout", "00:00:10")]);

        await UntilAsync(service, HttpStatusCode.OK);
        var health = JsonElement.Parse(await service.Client.GetStringAsync("/health"));
        Assert.Equal(
            ["PostgreSql", "ShopContext", "StackExchange.Redis"],
            health.GetProperty("checks").EnumerateObject().Select(c => c.Name).Order(StringComparer.Ordinal));

        await service.App.Services.GetRequiredService<RedisGate>().RunAsync(db => db.StringSetAsync("greeting", "hello"), CancellationToken.None);
        await using var scope = service.App.Services.CreateAsyncScope();
        Assert.True(await scope.ServiceProvider.GetRequiredService<ShopContext>().Database.CanConnectAsync());

        var metrics = await service.Client.GetStringAsync("/metrics");
        Assert.Contains("db_system_name=\"redis\"", metrics, StringComparison.Ordinal);
        Assert.Contains("redis_available{otel_scope_name=\"ServiceDefaults\"} 1", metrics, StringComparison.Ordinal);
        Assert.Contains("db_client_connection_count{", metrics, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Kafka_clients_find_the_native_library_and_the_broker()
    {
        var kafka = (await infrastructure.KafkaAsync()).BootstrapServers;
        await using var service = await TestService.StartAsync(
            configure: builder =>
            {
                builder.AddKafkaProducer<string, byte[]>("kafka");
                builder.AddKafkaConsumer<string, byte[]>("kafka", settings => settings.Config.GroupId = "store-tests");
            },
            settings: [("ConnectionStrings:kafka", kafka)]);

        await UntilAsync(service, HttpStatusCode.OK);
        var health = JsonElement.Parse(await service.Client.GetStringAsync("/health"));
        Assert.Equal(
            ["Aspire.Confluent.Kafka.Consumer", "Aspire.Confluent.Kafka.Producer"],
            health.GetProperty("checks").EnumerateObject().Select(c => c.Name).Order(StringComparer.Ordinal));
        var delivery = await service.App.Services.GetRequiredService<IProducer<string, byte[]>>()
            .ProduceAsync("store-tests", new Message<string, byte[]> { Key = "k", Value = [1] });
        Assert.Equal(PersistenceStatus.Persisted, delivery.Status);
    }

    [Fact]
    public async Task A_broker_that_is_away_makes_the_service_unready_but_not_the_start_fail()
    {
        await using var service = await TestService.StartAsync(
            configure: builder => builder.AddKafkaProducer<string, byte[]>("kafka"), settings: [("ConnectionStrings:kafka", "127.0.0.1:1")]);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await service.Client.GetAsync("/health")).StatusCode);
        Assert.NotEmpty(service.App.Services.GetRequiredService<IProducer<string, byte[]>>().Name);
    }

    [Fact]
    public async Task A_frozen_database_makes_the_service_unready_and_thawed_it_is_ready_again()
    {
        var server = await infrastructure.CreatePostgresAsync();
        await using var service = await TestService.StartAsync(
            app => app.MapGet("/query", (NpgsqlDataSource db, CancellationToken ct) => db.CreateCommand("SELECT 1").ExecuteScalarAsync(ct)),
            builder => builder.AddDatabase("db"),
            ("ConnectionStrings:db", await server.CreateDatabaseAsync() + ";Command Timeout=1"));
        Assert.Equal(HttpStatusCode.OK, (await service.Client.GetAsync("/health")).StatusCode);

        server.Freeze();
        await UntilAsync(service, HttpStatusCode.ServiceUnavailable);
        Assert.Equal(HttpStatusCode.OK, (await service.Client.GetAsync("/alive")).StatusCode);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await service.Client.GetAsync("/query")).StatusCode);
        server.Thaw();
        await UntilAsync(service, HttpStatusCode.OK);
    }

    [Fact]
    public async Task Redis_frozen_or_killed_fails_fast_and_works_again_when_it_is_back()
    {
        var server = await infrastructure.CreateRedisAsync();
        await using var service = await TestService.StartAsync(
            app => app.MapGet("/redis", (RedisGate redis, CancellationToken ct) => redis.RunAsync(db => db.StringIncrementAsync("n"), ct)),
            builder => builder.AddRedisClient("redis"),
            ("ConnectionStrings:redis", server.ConnectionString));
        await UntilAsync(service, HttpStatusCode.OK, "/redis");

        server.Freeze();
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await service.Client.GetAsync("/redis")).StatusCode);
        server.Thaw();
        await UntilAsync(service, HttpStatusCode.OK, "/redis");

        await server.KillAsync();
        await UntilAsync(service, HttpStatusCode.ServiceUnavailable, "/redis");
        await UntilAsync(service, HttpStatusCode.ServiceUnavailable, "/health");
        await server.StartAsync();
        await UntilAsync(service, HttpStatusCode.OK, "/redis");
        await UntilAsync(service, HttpStatusCode.OK, "/health");
    }

    [Fact]
    public async Task An_exhausted_pool_is_a_503_and_not_a_hang()
    {
        var gate = new TaskCompletionSource();
        var busy = new SemaphoreSlim(0);
        await using var service = await TestService.StartAsync(
            app => app.MapGet("/hold", async (NpgsqlDataSource db, CancellationToken ct) =>
            {
                await using var connection = await db.OpenConnectionAsync(ct);
                busy.Release();
                await gate.Task;
                return "held";
            }),
            builder => builder.AddDatabase("db"),
            ("ConnectionStrings:db", await (await infrastructure.PostgresAsync()).CreateDatabaseAsync()),
            ("Database:MaxPoolSize", "1"));

        var first = service.Client.GetStringAsync("/hold");
        await busy.WaitAsync();
        using var second = await service.Client.GetAsync("/hold");
        Assert.Equal(HttpStatusCode.ServiceUnavailable, second.StatusCode);
        Assert.NotNull(second.Headers.RetryAfter);
        gate.SetResult();
        Assert.Equal("held", await first);
    }

    private static async Task UntilAsync(TestService service, HttpStatusCode status, string address = "/health")
    {
        for (var tries = 0; (await service.Client.GetAsync(address)).StatusCode != status; tries++)
        {
            Assert.True(tries < 200, $"{address} did not become {status}");
            await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System);
        }
    }
}
