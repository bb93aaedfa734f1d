using System.Globalization;
using Testing;
using Xunit;

namespace Messaging.Tests;

/// <summary>
/// By themselves: meters of one name are one meter to OpenTelemetry, so a service of another test that ends in this process would take
/// the metric along.
/// </summary>
[CollectionDefinition(nameof(MetricTests), DisableParallelization = true)]
[Collection(nameof(MetricTests))]
public sealed class MetricTests(Infrastructure infrastructure)
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

    [Fact]
    public async Task Metrics_tell_what_waits()
    {
        var world = await World.CreateAsync(await infrastructure.PostgresAsync(), await infrastructure.KafkaAsync());
        await using var service = await TestService.StartAsync(world, world.Records);
        using var admin = service.Admin();
        await Eventually.TrueAsync(async () =>
        {
            var metrics = await admin.GetStringAsync("/metrics");
            return metrics.Contains("outbox_pending") && metrics.Contains("outbox_lag") && metrics.Contains("consumer_lag");
        });
    }

    [Fact]
    public async Task What_is_stuck_in_a_handler_counts_as_waiting()
    {
        var world = await World.CreateAsync(await infrastructure.PostgresAsync(), await infrastructure.KafkaAsync());
        var faults = new Faults();
        var gate = faults.Gates[1] = new(TaskCreationOptions.RunContinuationsAsynchronously);
        foreach (var amount in new[] { 1, 2, 3 })
            await world.ProduceAsync(world.Payment(Guid.CreateVersion7(), amount), partition: 5);
        await using var stuck = await TestService.StartAsync(world, world.Remembers, database: false, faults: faults);
        using var admin = stuck.Admin();
        await Eventually.TrueAsync(async () => await LagAsync(admin, world.Topic) == 3);

        gate.SetResult();
        await Eventually.TrueAsync(async () => await LagAsync(admin, world.Topic) == 0);
    }

    private static async Task<double?> LagAsync(HttpClient admin, string topic) =>
        (await admin.GetStringAsync("/metrics")).Split('\n')
            .Where(line => line.StartsWith("consumer_lag{", StringComparison.Ordinal) && line.Contains($"topic=\"{topic}\"", StringComparison.Ordinal))
            .Select(line => (double?)double.Parse(line[(line.LastIndexOf(' ') + 1)..], CultureInfo.InvariantCulture))
            .Sum();
}
