using Npgsql;
using Testing;
using Xunit;

namespace ConcertService.Tests;

public sealed class ReplicasTests(Infrastructure infrastructure)
{
    [Fact]
    public async Task Two_replicas_load_the_demo_data_once()
    {
        var database = await (await infrastructure.PostgresAsync()).CreateDatabaseAsync();
        await using var one = new Replica(database);
        await using var other = new Replica(database);

        await Task.WhenAll(Task.Run(() => one.Http.GetAsync("/alive")), Task.Run(() => other.Http.GetAsync("/alive")));

        await using var source = NpgsqlDataSource.Create(database);
        await using var counts = source.CreateCommand(
            "select array[(select count(*) from concerts), (select count(*) from schedules), (select count(*) from seats), (select count(*) from data_set)]");
        var loaded = (long[])(await counts.ExecuteScalarAsync())!;
        Assert.Equal([20, 200, 30_000, 1], loaded);
    }

    [Fact]
    public async Task Demo_data_stay_away_where_they_are_not_wanted()
    {
        var database = await (await infrastructure.PostgresAsync()).CreateDatabaseAsync();
        await using var replica = new Replica(database, settings: ("DemoData:Load", "false"));

        Assert.Contains("\"total\":0", await replica.Http.GetStringAsync("/api/v1/concerts"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Every_replica_sees_a_change_whoever_wrote_it()
    {
        var database = await (await infrastructure.PostgresAsync()).CreateDatabaseAsync();
        await using var one = new Replica(database);
        await using var other = new Replica(database);
        var reservation = Guid.CreateVersion7();
        await Task.WhenAll(one.SeatMapAsync(1), other.SeatMapAsync(1), one.SeatsAvailableAsync(1), other.SeatsAvailableAsync(1));

        await Replica.ClaimAsync(database, (1, 10, reservation, ClaimState.Held));
        await Task.WhenAll(one.UntilAsync(1, 10, "held"), other.UntilAsync(1, 10, "held"));
        await Replica.ClaimAsync(database, (1, 10, reservation, ClaimState.Sold), (1, 11, reservation, ClaimState.Sold));
        await Task.WhenAll(one.UntilAsync(1, 11, "sold"), other.UntilAsync(1, 11, "sold"));

        Assert.Equal((148, 148), (await one.SeatsAvailableAsync(1), await other.SeatsAvailableAsync(1)));
        Assert.Equal((2, 2), ((await one.SeatMapAsync(1)).Version, (await other.SeatMapAsync(1)).Version));
    }

    [Fact]
    public async Task A_change_too_large_to_be_told_seat_by_seat_is_seen_as_well()
    {
        var database = await (await infrastructure.PostgresAsync()).CreateDatabaseAsync();
        await using var replica = new Replica(database, settings: ("DemoData:Load", "false"));
        await replica.Get<CatalogueSeeder>().ReplaceAsync(new(1, 1, 3000), TestContext.Current.CancellationToken);
        await replica.SeatMapAsync(1);

        await Replica.ClaimAsync(database, [.. Enumerable.Range(1, 2500).Select(seat => (1L, (long)seat, Guid.CreateVersion7(), ClaimState.Sold))]);
        await replica.UntilAsync(1, 2500, "sold");

        Assert.Equal(2500, (await replica.SeatMapAsync(1)).Seats.Count(seat => seat.Status == "sold"));
        Assert.Equal(500, await replica.SeatsAvailableAsync(1));
    }

    [Fact]
    public async Task A_new_data_set_replaces_the_former_one_in_every_answer()
    {
        var database = await (await infrastructure.PostgresAsync()).CreateDatabaseAsync();
        await using var replica = new Replica(database);
        var spec = new CatalogueSpec(Concerts: 3, Schedules: 6, SeatsPerSchedule: 20, Seed: 9);
        var seeder = replica.Get<CatalogueSeeder>();
        await replica.SeatMapAsync(1);
        await Replica.ClaimAsync(database, (1, 10, Guid.CreateVersion7(), ClaimState.Sold));
        using var before = await replica.Http.GetAsync("/api/v1/concerts");

        Assert.True(await seeder.ReplaceAsync(spec, TestContext.Current.CancellationToken));
        while ((await replica.SeatMapAsync(1)).Seats.Count != 20)
            await Task.Delay(5, TestContext.Current.CancellationToken);

        using var after = await replica.Http.GetAsync("/api/v1/concerts");
        Assert.Contains("\"total\":3", await after.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.NotEqual(before.Headers.ETag, after.Headers.ETag);
        Assert.Equal(20, await replica.SeatsAvailableAsync(1));
        Assert.All((await replica.SeatMapAsync(1)).Seats, seat => Assert.Equal("available", seat.Status));
        Assert.False(await seeder.ReplaceAsync(spec, TestContext.Current.CancellationToken));
        Assert.False(await seeder.LoadIfEmptyAsync(CatalogueSpec.Demo, TestContext.Current.CancellationToken));
    }
}
