using System.Diagnostics.Metrics;
using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Testing;
using Xunit;

namespace ConcertService.Tests;

/// <summary>With the database gone, frozen, or back with changes nobody was told of.</summary>
public sealed class OutageTests(Infrastructure infrastructure)
{
    private static readonly string Pass = TestTokens.Pass(7, 1, 1);

    [Fact]
    public async Task Without_the_database_what_is_cached_is_served_and_the_rest_is_told_to_come_back()
    {
        var server = await infrastructure.CreatePostgresAsync();
        var database = await server.CreateDatabaseAsync();
        await using var replica = new Replica(database);
        await Task.WhenAll(replica.SeatMapAsync(1), replica.SeatsAvailableAsync(1), replica.Http.GetStringAsync("/api/v1/concerts"));

        await server.KillAsync();

        Assert.Equal(150, (await replica.SeatMapAsync(1)).Seats.Count);
        Assert.Equal(150, await replica.SeatsAvailableAsync(1));
        (await replica.Http.GetAsync("/api/v1/concerts")).EnsureSuccessStatusCode().Dispose();
        using var unknown = await replica.SeatsAsync(2, Pass);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, unknown.StatusCode);
        Assert.NotNull(unknown.Headers.RetryAfter);

        await server.StartAsync();
        await Replica.ClaimAsync(database, (1, 10, Guid.CreateVersion7(), ClaimState.Sold), (2, 151, Guid.CreateVersion7(), ClaimState.Held));
        await replica.UntilAsync(1, 10, "sold");
        while ((await replica.SeatsAsync(2, Pass)).StatusCode != HttpStatusCode.OK)
            await Task.Delay(20, TestContext.Current.CancellationToken);
        await replica.UntilAsync(2, 151, "held");
        Assert.Equal(149, await replica.SeatsAvailableAsync(1));
    }

    [Fact]
    public async Task With_the_database_frozen_answers_come_from_memory_until_it_thaws()
    {
        var server = await infrastructure.CreatePostgresAsync();
        var database = await server.CreateDatabaseAsync();
        await using var replica = new Replica(database);
        await replica.SeatMapAsync(1);

        server.Freeze();
        using (var unknown = await replica.SeatsAsync(2, Pass))
            Assert.Equal(HttpStatusCode.ServiceUnavailable, unknown.StatusCode);
        var feed = replica.Get<SeatFeed>();
        while (feed.IsLive)
            Assert.Equal(150, (await replica.SeatMapAsync(1)).Seats.Count);
        Assert.Equal(150, (await replica.SeatMapAsync(1)).Seats.Count);
        server.Thaw();

        await Replica.ClaimAsync(database, (1, 10, Guid.CreateVersion7(), ClaimState.Sold));
        await replica.UntilAsync(1, 10, "sold");
    }

    [Fact]
    public async Task A_replica_that_starts_anew_knows_what_is_taken()
    {
        var database = await (await infrastructure.PostgresAsync()).CreateDatabaseAsync();
        await using (var former = new Replica(database))
            await former.SeatMapAsync(1);
        await Replica.ClaimAsync(database, (1, 10, Guid.CreateVersion7(), ClaimState.Sold), (1, 11, Guid.CreateVersion7(), ClaimState.Held));

        await using var replica = new Replica(database);
        var map = await replica.SeatMapAsync(1);

        Assert.Equal(["sold", "held", "available"], map.Seats.Skip(9).Take(3).Select(seat => seat.Status));
        Assert.Equal(148, await replica.SeatsAvailableAsync(1));
    }

    [Fact]
    public async Task A_crowd_at_an_unread_schedule_makes_one_read_and_a_change_makes_none()
    {
        var database = await (await infrastructure.PostgresAsync()).CreateDatabaseAsync();
        await using var replica = new Replica(database);
        await replica.SeatMapAsync(2);
        var rebuilds = 0L;
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, self) =>
            {
                if (instrument.Name == "concert.cache.rebuilds" && instrument.Meter.Scope == replica.Get<IMeterFactory>())
                    self.EnableMeasurementEvents(instrument);
            },
        };
        listener.SetMeasurementEventCallback<long>((_, count, _, _) => Interlocked.Add(ref rebuilds, count));
        listener.Start();

        await Task.WhenAll(Enumerable.Range(0, 300).Select(_ => replica.SeatMapAsync(1)));
        Assert.Equal(1, Interlocked.Read(ref rebuilds));

        await Replica.ClaimAsync(database, (1, 10, Guid.CreateVersion7(), ClaimState.Sold));
        await replica.UntilAsync(1, 10, "sold");
        Assert.Equal(1, Interlocked.Read(ref rebuilds));
    }
}
