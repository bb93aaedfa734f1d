using System.Collections.Concurrent;
using System.Diagnostics;
using Testing;
using Xunit;

namespace Messaging.Tests;

public sealed class OutboxTests(Infrastructure infrastructure)
{
    private async Task<World> WorldAsync() => await World.CreateAsync(await infrastructure.PostgresAsync(), await infrastructure.KafkaAsync());

    [Fact]
    public async Task A_committed_event_takes_effect_and_its_row_is_marked()
    {
        var world = await WorldAsync();
        await using var service = await TestService.StartAsync(world, world.Records);
        await world.WriteAsync(world.Payment(Guid.CreateVersion7(), 7));
        service.Wake();
        await world.UntilEffectsAsync(1);
        await world.UntilAllSentAsync();
        Assert.Equal([7], await world.EffectsAsync());
    }

    [Fact]
    public async Task Events_that_were_committed_while_no_relay_ran_are_sent_when_one_starts()
    {
        var world = await WorldAsync();
        await using (await TestService.StartAsync(world))
        {
        }
        await world.WriteAsync(world.Payment(Guid.CreateVersion7(), 1), world.Payment(Guid.CreateVersion7(), 2));
        await using var service = await TestService.StartAsync(world, world.Records);
        await world.UntilEffectsAsync(2);
    }

    [Fact]
    public async Task A_row_that_was_sent_but_not_marked_is_sent_again_and_takes_effect_once()
    {
        var world = await WorldAsync();
        await using var service = await TestService.StartAsync(world, world.Records);
        var reservation = Guid.CreateVersion7();
        var first = world.Payment(reservation, 1);
        await world.ProduceAsync(first);
        await world.UntilEffectsAsync(1);
        await world.WriteAsync(first, world.Payment(reservation, 2));
        await world.UntilEffectsAsync(2);
        Assert.Equal([1, 2], await world.EffectsAsync());
    }

    [Fact]
    public async Task Each_key_stays_in_order_with_two_relays_and_many_writers()
    {
        const int Keys = 8;
        const int PerKey = 60;
        var world = await WorldAsync();
        await using var one = await TestService.StartAsync(world, world.Records);
        await using var two = await TestService.StartAsync(world, world.Records);
        TestService[] replicas = [one, two];
        var keys = Enumerable.Range(0, Keys).Select(_ => Guid.CreateVersion7()).ToArray();
        await Task.WhenAll(keys.Select(async key =>
        {
            for (var i = 1; i <= PerKey; i++)
            {
                await world.WriteAsync(world.Payment(key, i));
                replicas[i % 2].Wake();
            }
        }));
        await world.UntilEffectsAsync(Keys * PerKey);
        foreach (var key in keys)
            Assert.Equal(Enumerable.Range(1, PerKey).Select(i => (long)i), await world.EffectsAsync(key));
    }

    [Fact]
    public async Task A_row_that_commits_after_rows_behind_it_is_sent_all_the_same()
    {
        var world = await WorldAsync();
        await using var service = await TestService.StartAsync(world, world.Records);
        await using var slow = await world.OpenAsync();
        await using var transaction = await slow.BeginTransactionAsync();
        await World.InsertAsync(slow, world.Payment(Guid.CreateVersion7(), 1));
        await world.WriteAsync(world.Payment(Guid.CreateVersion7(), 2));
        service.Wake();
        await world.UntilEffectsAsync(1);
        await transaction.CommitAsync();
        service.Wake();
        await world.UntilEffectsAsync(2);
        Assert.Equal([2, 1], await world.EffectsAsync());
    }

    [Fact]
    public async Task A_row_that_Kafka_refuses_is_given_up_with_its_reason_and_holds_up_nobody()
    {
        var world = await WorldAsync();
        await using var service = await TestService.StartAsync(world, world.Records);
        var reservation = Guid.CreateVersion7();
        var huge = world.Payment(reservation, 1) with { Payload = new byte[3 << 20] };
        await world.WriteAsync(huge, world.Payment(reservation, 2), world.Payment(Guid.CreateVersion7(), 3));
        service.Wake();
        await world.UntilEffectsAsync(2);
        await Eventually.TrueAsync(async () => await world.ReadAsync<long>("SELECT count(*) FROM outbox WHERE dead_at IS NOT NULL") == 1);
        Assert.Equal(4, await world.ReadAsync<int>("SELECT attempts FROM outbox WHERE dead_at IS NOT NULL"));
        Assert.NotEmpty(await world.ReadAsync<string>("SELECT last_error FROM outbox WHERE dead_at IS NOT NULL"));
    }

    [Fact]
    public async Task A_relay_that_hangs_is_replaced_when_its_lease_runs_out()
    {
        var world = await WorldAsync();
        await using (await TestService.StartAsync(world))
        {
        }
        await world.ExecuteAsync("UPDATE outbox_lease SET holder = gen_random_uuid(), held_until = clock_timestamp() + interval '1.5 s'");
        await world.WriteAsync(world.Payment(Guid.CreateVersion7(), 1));
        await using var service = await TestService.StartAsync(world, world.Records);
        await world.UntilEffectsAsync(1);
    }

    [Fact]
    public async Task A_replica_that_does_not_relay_wakes_the_one_that_does()
    {
        var world = await WorldAsync();
        // Without polling only the wake-up can bring the message on its way.
        var never = new Dictionary<string, string?> { ["Messaging:PollInterval"] = "01:00:00", ["Messaging:Lease"] = "02:00:00" };
        await using var relaying = await TestService.StartAsync(world, world.Records, settings: never);
        await Eventually.TrueAsync(async () => await world.ReadAsync<bool>("SELECT held_until > clock_timestamp() FROM outbox_lease"));
        await using var other = await TestService.StartAsync(world, settings: never);
        await Eventually.TrueAsync(async () => await world.ReadAsync<long>("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND query = 'LISTEN outbox'") == 2);
        await world.WriteAsync(world.Payment(Guid.CreateVersion7(), 1));
        other.Wake();
        await world.UntilEffectsAsync(1);
    }

    [Fact]
    public async Task What_was_sent_long_ago_is_forgotten_and_what_was_not_sent_stays()
    {
        var world = await WorldAsync();
        await using var service = await TestService.StartAsync(world, world.Records, settings: new() { ["Messaging:KeepSent"] = "00:00:00.001" });
        await world.WriteAsync(world.Payment(Guid.CreateVersion7(), 1));
        service.Wake();
        await world.UntilEffectsAsync(1);
        await world.UntilAllSentAsync();
        await world.WriteAsync(world.Payment(Guid.CreateVersion7(), 2) with { Payload = new byte[3 << 20] });
        var sweeper = Microsoft.Extensions.DependencyInjection.ActivatorUtilities.CreateInstance<MessageSweeper>(service.Services);
        await Eventually.TrueAsync(async () =>
        {
            await sweeper.SweepAsync(CancellationToken.None);
            return await world.ReadAsync<long>("SELECT count(*) FROM outbox") == 1;
        });
        Assert.Equal(0, await world.ReadAsync<long>("SELECT count(*) FROM inbox"));
    }

    [Fact]
    public async Task A_trace_goes_on_across_Kafka_to_the_statements_of_its_effect()
    {
        var spans = new ConcurrentQueue<Activity>();
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name is "Messaging" or "Npgsql",
            ActivityStopped = spans.Enqueue,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            SampleUsingParentId = (ref ActivityCreationOptions<string> _) => ActivitySamplingResult.AllDataAndRecorded,
        };
        ActivitySource.AddActivityListener(listener);
        var world = await WorldAsync();
        await using var service = await TestService.StartAsync(world, world.Records);
        using var request = new Activity("request").Start();
        await world.WriteAsync(world.Payment(Guid.CreateVersion7(), 1));
        service.Wake();
        await world.UntilEffectsAsync(1);
        Assert.Equal(request.TraceId.ToHexString(), await world.ReadAsync<string>("SELECT trace FROM effects"));

        var process = Assert.Single(await Eventually.SomeAsync(() => spans.Where(s => s.TraceId == request.TraceId && s.Kind == ActivityKind.Consumer)));
        var statements = spans.Where(s => s.Source.Name == "Npgsql" && s.ParentSpanId == process.SpanId).Select(s => s.GetTagItem("db.query.text") as string).ToList();
        Assert.Contains(statements, sql => sql?.Contains("INTO inbox", StringComparison.Ordinal) is true);
        Assert.Contains(statements, sql => sql?.Contains("INTO effects", StringComparison.Ordinal) is true);
    }
}
