using Confluent.Kafka;
using Contracts;
using Testing;
using Xunit;

namespace Messaging.Tests;

/// <summary>Stores that stop, freeze and come back: each test has its own to do that to.</summary>
public sealed class OutageTests(Infrastructure infrastructure)
{
    [Fact]
    public async Task While_Kafka_is_down_events_wait_and_go_out_in_order_when_it_is_back()
    {
        var kafka = await infrastructure.CreateKafkaAsync();
        var world = await World.CreateAsync(await infrastructure.PostgresAsync(), kafka);
        await using var service = await TestService.StartAsync(world, world.Records);
        var reservation = Guid.CreateVersion7();
        await world.WriteAsync(world.Payment(reservation, 1));
        service.Wake();
        await world.UntilEffectsAsync(1);

        await kafka.KillAsync();
        for (var i = 2; i <= 20; i++)
        {
            await world.WriteAsync(world.Payment(reservation, i));
            service.Wake();
        }
        await Task.Delay(TimeSpan.FromSeconds(2), TimeProvider.System);
        Assert.Equal(0, await world.ReadAsync<long>("SELECT count(*) FROM outbox WHERE dead_at IS NOT NULL OR attempts > 0"));
        await kafka.StartAsync();

        await world.UntilEffectsAsync(20);
        await world.UntilAllSentAsync();
        Assert.Equal(Enumerable.Range(1, 20).Select(i => (long)i), await world.EffectsAsync());
    }

    [Fact]
    public async Task A_frozen_Kafka_delays_and_loses_nothing()
    {
        var kafka = await infrastructure.CreateKafkaAsync();
        var world = await World.CreateAsync(await infrastructure.PostgresAsync(), kafka);
        await using var service = await TestService.StartAsync(world, world.Records);
        await world.WriteAsync(world.Payment(Guid.CreateVersion7(), 1));
        service.Wake();
        await world.UntilEffectsAsync(1);

        kafka.Freeze();
        await world.WriteAsync(world.Payment(Guid.CreateVersion7(), 2));
        service.Wake();
        // Longer than a produce request's time-out.
        await Task.Delay(TimeSpan.FromSeconds(6), TimeProvider.System);
        kafka.Thaw();
        await world.WriteAsync(world.Payment(Guid.CreateVersion7(), 3));
        service.Wake();

        await world.UntilEffectsAsync(3);
        Assert.Equal([1, 2, 3], (await world.EffectsAsync()).Order());
    }

    [Fact]
    public async Task While_the_database_is_away_consumers_wait_and_give_nothing_up()
    {
        var postgres = await infrastructure.CreatePostgresAsync();
        var world = await World.CreateAsync(postgres, await infrastructure.KafkaAsync());
        await using var service = await TestService.StartAsync(world, world.Records);
        await world.WriteAsync(world.Payment(Guid.CreateVersion7(), 1));
        service.Wake();
        await world.UntilEffectsAsync(1);

        await postgres.KillAsync();
        for (var i = 2; i <= 6; i++)
            await world.ProduceAsync(world.Payment(Guid.CreateVersion7(), i));
        await Task.Delay(TimeSpan.FromSeconds(2), TimeProvider.System);
        using var admin = service.Admin();
        Assert.Equal(0, (await admin.DeadLettersAsync()).Total);
        await postgres.StartAsync();

        await world.UntilEffectsAsync(6);
        await world.WriteAsync(world.Payment(Guid.CreateVersion7(), 7));
        service.Wake();
        await world.UntilEffectsAsync(7);
        Assert.Equal([1, 2, 3, 4, 5, 6, 7], (await world.EffectsAsync()).Order());
        Assert.Equal(0, (await admin.DeadLettersAsync()).Total);
    }

    [Fact]
    public async Task A_Kafka_cluster_that_lost_everything_is_fed_again()
    {
        var kafka = await infrastructure.CreateKafkaAsync();
        var world = await World.CreateAsync(await infrastructure.PostgresAsync(), kafka);
        var reservation = Guid.CreateVersion7();
        await using (var before = await TestService.StartAsync(world))
        {
            await world.WriteAsync([.. Enumerable.Range(1, 30).Select(i => world.Payment(reservation, i))]);
            before.Wake();
            await world.UntilAllSentAsync();
        }
        await kafka.KillAsync();
        Directory.Delete(kafka.DataDirectory, recursive: true);
        await kafka.StartAsync();

        await using var service = await TestService.StartAsync(world, world.Records);
        using var admin = service.Admin();
        Assert.Equal(30, await admin.RefeedAsync(DateTimeOffset.UnixEpoch));
        await world.UntilEffectsAsync(30);
        Assert.Equal(Enumerable.Range(1, 30).Select(i => (long)i), await world.EffectsAsync());
    }

    [Fact]
    public async Task A_topic_that_was_deleted_is_made_again_with_its_partitions()
    {
        var kafka = await infrastructure.CreateKafkaAsync(createsTopics: false);
        var world = await World.CreateAsync(await infrastructure.PostgresAsync(), kafka);
        await using var service = await TestService.StartAsync(world);
        await world.WriteAsync(world.Payment(Guid.CreateVersion7(), 1));
        service.Wake();
        await world.UntilAllSentAsync();

        using var admin = new AdminClientBuilder(new AdminClientConfig { BootstrapServers = kafka.BootstrapServers }).Build();
        await admin.DeleteTopicsAsync([world.Topic]);
        await world.WriteAsync(world.Payment(Guid.CreateVersion7(), 2));
        service.Wake();

        await world.UntilAllSentAsync();
        Assert.Equal(Topics.Partitions, Assert.Single(admin.GetMetadata(world.Topic, TimeSpan.FromSeconds(5)).Topics).Partitions.Count);
    }

    [Fact]
    public async Task A_running_service_survives_a_cluster_that_comes_back_empty()
    {
        var kafka = await infrastructure.CreateKafkaAsync();
        var world = await World.CreateAsync(await infrastructure.PostgresAsync(), kafka);
        await using var service = await TestService.StartAsync(world, world.Records);
        await world.WriteAsync(world.Payment(Guid.CreateVersion7(), 1));
        service.Wake();
        await world.UntilEffectsAsync(1);

        await kafka.KillAsync();
        Directory.Delete(kafka.DataDirectory, recursive: true);
        await kafka.StartAsync();
        var reservation = Guid.CreateVersion7();
        await world.WriteAsync([.. Enumerable.Range(2, 9).Select(i => world.Payment(reservation, i))]);
        service.Wake();

        await world.UntilEffectsAsync(10);
        Assert.Equal(Enumerable.Range(1, 10).Select(i => (long)i), await world.EffectsAsync());
    }
}
