using Testing;
using Xunit;

namespace Messaging.Tests;

/// <summary>
/// By themselves: meters of one name are one meter to OpenTelemetry, so a service of another test that ends in this process would take
/// the metric along.
/// </summary>
[CollectionDefinition(nameof(DeadLetterMetricTests), DisableParallelization = true)]
[Collection(nameof(DeadLetterMetricTests))]
public sealed class DeadLetterMetricTests(Infrastructure infrastructure)
{
    [Fact]
    public async Task Dead_letters_are_counted_until_they_are_replayed()
    {
        var world = await World.CreateAsync(await infrastructure.PostgresAsync(), await infrastructure.KafkaAsync());
        var faults = new Faults();
        faults.ByAmount[1] = () => new InvalidOperationException("a bug");
        await world.ProduceAsync(world.Payment(Guid.CreateVersion7(), 1));
        await using var service = await TestService.StartAsync(world, world.Records, faults: faults);
        using var admin = service.Admin();
        await Eventually.TrueAsync(() => admin.MetricAsync("dead_letters_waiting", world.Topic, 1));

        faults.ByAmount.Clear();
        await admin.ReplayAsync(new { all = true });

        await Eventually.TrueAsync(() => admin.MetricAsync("dead_letters_waiting", world.Topic, 0));
    }
}
