namespace QueueService.Tests;

/// <summary>
/// By themselves: meters of one name are one meter to OpenTelemetry, so a replica of another test that ends in this process would take
/// the metrics along.
/// </summary>
[CollectionDefinition(nameof(MetricTests), DisableParallelization = true)]
[Collection(nameof(MetricTests))]
public sealed class MetricTests(SharedReplica shared) : IClassFixture<SharedReplica>
{
    private readonly Replica _queue = shared.Replica;

    [Fact]
    public async Task Metrics_speak_of_the_lines_without_naming_them()
    {
        var concert = Replica.NewConcert();
        await _queue.JoinedAsync(concert, 1);
        var metrics = await _queue.Http.GetStringAsync("/metrics");

        Assert.All(["queue_waiting", "queue_active", "queue_issued", "queue_admitted", "queue_admission_rate"], name => Assert.Contains(name, metrics, StringComparison.Ordinal));
        Assert.DoesNotContain(concert.ToString(), metrics, StringComparison.Ordinal);
    }
}
