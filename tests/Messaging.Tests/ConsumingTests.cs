using Contracts;
using System.Text;
using Npgsql;
using Testing;
using Xunit;

namespace Messaging.Tests;

public sealed class ConsumingTests(Infrastructure infrastructure)
{
    private async Task<World> WorldAsync() => await World.CreateAsync(await infrastructure.PostgresAsync(), await infrastructure.KafkaAsync());

    [Fact]
    public async Task Records_that_come_again_after_a_crash_before_the_offset_commit_take_effect_once()
    {
        var world = await WorldAsync();
        // Of one key, so that the last one comes behind all others.
        var reservation = Guid.CreateVersion7();
        var messages = Enumerable.Range(1, 40).Select(i => world.Payment(reservation, i)).ToArray();
        await using (var first = await TestService.StartAsync(world, world.Records))
        {
            await world.WriteAsync(messages);
            first.Wake();
            await world.UntilEffectsAsync(messages.Length);
        }
        world.ForgetOffsets();
        await using var second = await TestService.StartAsync(world, world.Records);
        await world.WriteAsync(world.Payment(reservation, 41));
        second.Wake();
        await Eventually.TrueAsync(async () => (await world.EffectsAsync()).Contains(41));
        Assert.Equal(Enumerable.Range(1, 41).Select(i => (long)i), await world.EffectsAsync());
        Assert.Equal(41, Assert.Single(second.Faults.Committed).Amount);
    }

    [Fact]
    public async Task A_message_that_comes_twice_in_one_poll_takes_effect_once()
    {
        var world = await WorldAsync();
        var message = world.Payment(Guid.CreateVersion7(), 1);
        await world.ProduceAsync(message, partition: 3);
        await world.ProduceAsync(message, partition: 3);
        await world.ProduceAsync(world.Payment(Guid.CreateVersion7(), 2), partition: 3);
        await using var service = await TestService.StartAsync(world, world.Records);
        await world.UntilEffectsAsync(2);
        Assert.Equal([1, 2], await world.EffectsAsync());
    }

    [Fact]
    public async Task Without_a_database_only_messages_of_one_key_wait_for_each_other()
    {
        var world = await WorldAsync();
        var faults = new Faults();
        var gate = faults.Gates[1] = new(TaskCreationOptions.RunContinuationsAsynchronously);
        var reservation = Guid.CreateVersion7();
        await world.ProduceAsync(world.Payment(reservation, 1), partition: 5);
        await world.ProduceAsync(world.Payment(reservation, 2), partition: 5);
        await world.ProduceAsync(world.Payment(Guid.CreateVersion7(), 3), partition: 5);
        await using var service = await TestService.StartAsync(world, world.Remembers, database: false, faults: faults);
        await Eventually.TrueAsync(() => Task.FromResult(faults.Committed.Any(c => c.Amount == 3)));
        gate.SetResult();
        await Eventually.TrueAsync(() => Task.FromResult(faults.Committed.Count == 3));
        Assert.Equal([3, 1, 2], faults.Committed.Select(c => c.Amount));
    }

    [Fact]
    public async Task Bytes_that_cannot_be_read_become_a_dead_letter_at_once_and_others_pass()
    {
        var world = await WorldAsync();
        var broken = world.Payment(Guid.CreateVersion7(), 1);
        await world.ProduceAsync(broken, value: [0xff, 0x00, (byte)'{'], partition: 2);
        await world.ProduceAsync(world.Payment(Guid.CreateVersion7(), 2), partition: 2);
        await using var service = await TestService.StartAsync(world, world.Records);
        await world.UntilEffectsAsync(1);
        using var admin = service.Admin();
        var letter = Assert.Single((await admin.DeadLettersAsync()).Items);
        Assert.Equal((broken.Id.ToString(), 1, world.Topic, world.Group, 2, 0L), (letter.MessageId, letter.Attempts, letter.Topic, letter.Group, letter.Partition, letter.Offset));
        Assert.Contains("PaymentCompleted", letter.Error);
        Assert.NotNull(letter.FailedAt);
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("null")]
    [InlineData("")]
    [InlineData("""{"paymentId":"x"}""")]
    public async Task An_event_with_something_missing_is_not_taken_for_one(string value)
    {
        var world = await WorldAsync();
        await world.ProduceAsync(world.Payment(Guid.CreateVersion7(), 1), Encoding.UTF8.GetBytes(value), partition: 0);
        await world.ProduceAsync(world.Payment(Guid.CreateVersion7(), 2), partition: 0);
        await using var service = await TestService.StartAsync(world, world.Records);
        await world.UntilEffectsAsync(1);
        using var admin = service.Admin();
        Assert.Equal(1, (await admin.DeadLettersAsync()).Total);
    }

    [Fact]
    public async Task A_consumer_that_throws_is_tried_again_and_then_costs_only_its_own_message()
    {
        var world = await WorldAsync();
        var faults = new Faults();
        var tries = 0;
        faults.ByAmount[2] = () =>
        {
            Interlocked.Increment(ref tries);
            return new InvalidOperationException("not today");
        };
        var reservation = Guid.CreateVersion7();
        for (var i = 1; i <= 3; i++)
            await world.ProduceAsync(world.Payment(reservation, i), partition: 1);
        await using var service = await TestService.StartAsync(world, world.Records, faults: faults);
        await world.UntilEffectsAsync(2);
        Assert.Equal([1, 3], await world.EffectsAsync());
        using var admin = service.Admin();
        var letter = Assert.Single((await admin.DeadLettersAsync()).Items);
        Assert.Equal(4, letter.Attempts);
        Assert.Contains("not today", letter.Error);
        // Once with the others, unless it came alone, and its own four times.
        Assert.InRange(tries, 4, 5);
    }

    [Fact]
    public async Task A_dead_letter_takes_effect_once_when_it_is_replayed_after_the_fix()
    {
        var world = await WorldAsync();
        var faults = new Faults();
        faults.ByAmount[1] = () => new InvalidOperationException("a bug");
        await world.ProduceAsync(world.Payment(Guid.CreateVersion7(), 1));
        await using var service = await TestService.StartAsync(world, world.Records, faults: faults);
        using var admin = service.Admin();
        await Eventually.TrueAsync(async () => (await admin.DeadLettersAsync()).Total == 1);
        var id = (await admin.DeadLettersAsync()).Items[0].Id;

        var before = await admin.ReplayAsync(new { ids = new[] { id } });
        Assert.Equal("a bug", Assert.Single(before.Failed).Error);
        Assert.Equal(1, before.Remaining);

        faults.ByAmount.Clear();
        Assert.Equal([id], (await admin.ReplayAsync(new { all = true })).Replayed);
        Assert.Equal([1], await world.EffectsAsync());
        Assert.Equal(0, (await admin.DeadLettersAsync()).Total);
        Assert.Empty((await admin.ReplayAsync(new { all = true })).Replayed);
        Assert.Equal([1], await world.EffectsAsync());
    }

    [Fact]
    public async Task Two_letters_of_one_message_take_effect_once()
    {
        var world = await WorldAsync();
        var faults = new Faults();
        faults.ByAmount[1] = () => new InvalidOperationException("a bug");
        var message = world.Payment(Guid.CreateVersion7(), 1);
        await world.ProduceAsync(message);
        await world.ProduceAsync(message);
        await using var service = await TestService.StartAsync(world, world.Records, faults: faults);
        using var admin = service.Admin();
        await Eventually.TrueAsync(async () => (await admin.DeadLettersAsync()).Total == 2);
        faults.ByAmount.Clear();
        Assert.Equal(2, (await admin.ReplayAsync(new { all = true })).Replayed.Count);
        Assert.Equal([1], await world.EffectsAsync());
    }

    [Fact]
    public async Task While_what_a_consumer_needs_is_away_nothing_is_given_up()
    {
        var world = await WorldAsync();
        var faults = new Faults();
        var tries = 0;
        faults.ByAmount[1] = () =>
        {
            Interlocked.Increment(ref tries);
            return new NpgsqlException("away", new IOException("connection reset"));
        };
        await world.ProduceAsync(world.Payment(Guid.CreateVersion7(), 1));
        await using var service = await TestService.StartAsync(world, world.Records, faults: faults, settings: new() { ["Messaging:LongestPause"] = "00:00:00.040" });
        using var admin = service.Admin();
        await Eventually.TrueAsync(() => Volatile.Read(ref tries) >= 20);
        Assert.Equal(0, (await admin.DeadLettersAsync()).Total);
        faults.ByAmount.Clear();
        await world.UntilEffectsAsync(1);
    }

    [Fact]
    public async Task A_service_without_a_database_consumes_too_and_keeps_dead_letters()
    {
        var world = await WorldAsync();
        var faults = new Faults();
        faults.ByAmount[2] = () => new InvalidOperationException("no");
        var good = world.Payment(Guid.CreateVersion7(), 1);
        await world.ProduceAsync(good);
        await world.ProduceAsync(world.Payment(Guid.CreateVersion7(), 2));
        await using var service = await TestService.StartAsync(world, world.Remembers, database: false, faults: faults);
        using var admin = service.Admin();
        await Eventually.TrueAsync(async () => (await admin.DeadLettersAsync()).Total == 1);
        await Eventually.TrueAsync(() => faults.Committed.Contains((good.Id, 1)));
        faults.ByAmount.Clear();
        Assert.Single((await admin.ReplayAsync(new { all = true })).Replayed);
        Assert.Contains(faults.Committed, c => c.Amount == 2);
    }

    [Fact]
    public async Task Two_replicas_share_the_partitions_and_one_takes_over_when_the_other_leaves()
    {
        var world = await WorldAsync();
        await using var one = await TestService.StartAsync(world, world.Records);
        await using (var two = await TestService.StartAsync(world, world.Records))
        {
            await world.WriteAsync([.. Enumerable.Range(1, 50).Select(i => world.Payment(Guid.CreateVersion7(), i))]);
            one.Wake();
            await world.UntilEffectsAsync(50);
        }
        await world.WriteAsync([.. Enumerable.Range(51, 50).Select(i => world.Payment(Guid.CreateVersion7(), i))]);
        one.Wake();
        await world.UntilEffectsAsync(100);
        Assert.Equal(Enumerable.Range(1, 100).Select(i => (long)i), (await world.EffectsAsync()).Order());
    }

    [Fact]
    public async Task What_was_sent_is_sent_again_by_a_refeed_and_known_consumers_drop_it()
    {
        var world = await WorldAsync();
        await using var service = await TestService.StartAsync(world, world.Records);
        await world.WriteAsync(world.Payment(Guid.CreateVersion7(), 1), world.Payment(Guid.CreateVersion7(), 2));
        service.Wake();
        await world.UntilEffectsAsync(2);
        await world.UntilAllSentAsync();
        // A group that has lost its memory stands for consumers of a cluster that lost its topics.
        await using var newcomer = await TestService.StartAsync(world, m => m.Consume(world.Topic, "newcomers", c => c.Add<RecordPayment>()));
        await world.UntilEffectsAsync(4);
        using var admin = service.Admin();
        Assert.Equal(0, await admin.RefeedAsync(new DateTimeOffset(2100, 1, 1, 0, 0, 0, TimeSpan.Zero)));
        Assert.Equal(2, await admin.RefeedAsync(DateTimeOffset.MinValue));
        await world.UntilAllSentAsync();
        await world.WriteAsync(world.Payment(Guid.CreateVersion7(), 3));
        service.Wake();
        await world.UntilEffectsAsync(6);
        Assert.Equal([1, 1, 2, 2, 3, 3], (await world.EffectsAsync()).Order());
    }

    [Fact]
    public async Task Partitions_that_were_taken_away_from_a_busy_member_are_consumed_when_they_come_back()
    {
        var world = await WorldAsync();
        await using var service = await TestService.StartAsync(world, world.Remembers, database: false);
        var gate = service.Faults.Gates[1] = new TaskCompletionSource();
        await world.ProduceAsync(world.Payment(Guid.CreateVersion7(), 1));

        // The first is busy when the second comes and takes half of them.
        var second = await TestService.StartAsync(world, world.Remembers, database: false);
        await ProduceToEachAsync(firstAmount: 100);
        await Eventually.TrueAsync(() => !second.Faults.Committed.IsEmpty);
        gate.SetResult();
        await Eventually.TrueAsync(() => AreConsumed(100, service, second));
        await second.DisposeAsync();

        await ProduceToEachAsync(firstAmount: 200);
        await Eventually.TrueAsync(() => AreConsumed(200, service));

        async Task ProduceToEachAsync(long firstAmount)
        {
            for (var partition = 0; partition < Topics.Partitions; partition++)
                await world.ProduceAsync(world.Payment(Guid.CreateVersion7(), firstAmount + partition), partition: partition);
        }

        static bool AreConsumed(int firstAmount, params TestService[] replicas) =>
            Enumerable.Range(firstAmount, Topics.Partitions).All(amount => replicas.Any(r => r.Faults.Committed.Any(c => c.Amount == amount)));
    }
}
