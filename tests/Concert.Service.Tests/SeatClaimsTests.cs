using Npgsql;
using Testing;
using Xunit;

namespace ConcertService.Tests;

/// <summary>The read model against what really happened, whatever the messages about it went through on their way.</summary>
public sealed class SeatClaimsTests(DemoReplica demo) : IClassFixture<DemoReplica>
{
    private const int Seats = 4;
    private static int _schedules = 100;

    [Fact]
    public async Task Any_order_and_any_doubles_of_a_history_end_in_what_happened()
    {
        await using var database = NpgsqlDataSource.Create(await DatabaseAsync());
        // One schedule's history each; the demo data has 200 schedules and other tests use the first hundred.
        foreach (var seed in Enumerable.Range(1, 100))
        {
            var random = new Random(seed);
            var schedule = seed + 100L;
            var history = History.Invent(random, steps: 30, Seats);
            var told = history.Claims.Concat(history.Claims.Where(_ => random.Next(3) == 0)).ToArray();
            random.Shuffle(told);

            for (var at = 0; at < told.Length;)
            {
                var batch = told.Skip(at).Take(random.Next(1, 8)).ToArray();
                at += batch.Length;
                await Replica.ClaimAsync(database, [.. batch.Select(claim => (schedule, SeatId(schedule, claim.Seat), claim.Reservation, claim.State))]);
            }

            Assert.True(history.Statuses.SequenceEqual(await StatusesAsync(schedule)), $"seed {seed}");
            Assert.Equal(history.Statuses.Count(status => status != "available"), await TakenAsync(database, schedule));
        }
    }

    [Fact]
    public async Task A_hold_told_after_its_own_release_takes_nothing()
    {
        var (schedule, reservation) = (Next(), Guid.CreateVersion7());

        await ClaimAsync(schedule, (reservation, ClaimState.Released));
        await ClaimAsync(schedule, (reservation, ClaimState.Held));

        Assert.Equal("available", (await StatusesAsync(schedule))[0]);
    }

    [Fact]
    public async Task A_release_of_a_former_holder_leaves_the_present_one()
    {
        var (schedule, former, present) = (Next(), Guid.CreateVersion7(), Guid.CreateVersion7());

        await ClaimAsync(schedule, (former, ClaimState.Held));
        await ClaimAsync(schedule, (present, ClaimState.Held));
        await ClaimAsync(schedule, (former, ClaimState.Released));

        Assert.Equal("held", (await StatusesAsync(schedule))[0]);
    }

    [Fact]
    public async Task A_sold_seat_stays_sold()
    {
        var (schedule, owner, late) = (Next(), Guid.CreateVersion7(), Guid.CreateVersion7());

        await ClaimAsync(schedule, (owner, ClaimState.Sold));
        await ClaimAsync(schedule, (owner, ClaimState.Held), (late, ClaimState.Held));
        await ClaimAsync(schedule, (owner, ClaimState.Released), (late, ClaimState.Released));

        Assert.Equal("sold", (await StatusesAsync(schedule))[0]);
    }

    [Fact]
    public async Task The_version_counts_visible_changes_only()
    {
        var (schedule, reservation) = (Next(), Guid.CreateVersion7());

        await ClaimAsync(schedule, (reservation, ClaimState.Held));
        await ClaimAsync(schedule, (reservation, ClaimState.Held));
        await ClaimAsync(schedule, (Guid.CreateVersion7(), ClaimState.Held));
        var held = await demo.Replica.SeatMapAsync(schedule, ConcertOf(schedule));
        await ClaimAsync(schedule, (reservation, ClaimState.Sold));
        await demo.Replica.UntilAsync(schedule, SeatId(schedule, 0), "sold", ConcertOf(schedule));
        var sold = await demo.Replica.SeatMapAsync(schedule, ConcertOf(schedule));

        Assert.Equal((1, 2), (held.Version, sold.Version));
    }

    [Fact]
    public async Task Seats_and_schedules_that_do_not_exist_are_passed_over()
    {
        var schedule = Next();
        await Replica.ClaimAsync(await DatabaseAsync(),
            (schedule, 1, Guid.CreateVersion7(), ClaimState.Held),
            (999_999, 1, Guid.CreateVersion7(), ClaimState.Sold),
            (schedule, SeatId(schedule, 0), Guid.CreateVersion7(), ClaimState.Sold));

        Assert.Equal(149, await demo.Replica.SeatsAvailableAsync(schedule, ConcertOf(schedule)));
    }

    [Fact]
    public async Task A_release_is_forgotten_when_no_late_message_can_matter_any_more()
    {
        var schedule = Next();
        var (old, recent, sold) = (Guid.CreateVersion7(), Guid.CreateVersion7(), Guid.CreateVersion7());
        await ClaimAsync(schedule, (old, ClaimState.Released), (recent, ClaimState.Released), (sold, ClaimState.Sold));
        await using var database = NpgsqlDataSource.Create(await DatabaseAsync());
        await ExecuteAsync(database, $"update seat_claims set changed_at = now() - interval '25 hours' where reservation_id in ('{old}', '{sold}')");

        var forgotten = await ActivatorUtilitiesOf<ForgetReleases>().SweepAsync(TestContext.Current.CancellationToken);

        Assert.Equal(1, forgotten);
        Assert.Equal(2L, await ExecuteAsync(database, $"select count(*) from seat_claims where schedule_id = {schedule}"));
    }

    private T ActivatorUtilitiesOf<T>() =>
        Microsoft.Extensions.DependencyInjection.ActivatorUtilities.CreateInstance<T>(demo.Replica.Get<IServiceProvider>());

    private static long Next() => Interlocked.Decrement(ref _schedules);

    private static long ConcertOf(long schedule) => CatalogueSpec.Demo.ConcertOf(schedule);

    private static long SeatId(long schedule, int seat) => CatalogueSpec.Demo.SeatId(schedule, seat + 1);

    // The database is there, with its schema and data, when the replica answers.
    private async Task<string> DatabaseAsync()
    {
        (await demo.Replica.Http.GetAsync("/alive")).Dispose();
        return demo.Database;
    }

    private async Task ClaimAsync(long schedule, params (Guid Reservation, ClaimState State)[] claims) =>
        await Replica.ClaimAsync(await DatabaseAsync(), [.. claims.Select(claim => (schedule, SeatId(schedule, 0), claim.Reservation, claim.State))]);

    private async Task<string[]> StatusesAsync(long schedule) =>
        [.. (await demo.Replica.SeatMapAsync(schedule, ConcertOf(schedule))).Seats.Take(Seats).Select(seat => seat.Status)];

    private static async Task<int> TakenAsync(NpgsqlDataSource database, long schedule) =>
        (int)(await ExecuteAsync(database, $"select taken from schedule_availability where schedule_id = {schedule}") ?? 0);

    private static async Task<object?> ExecuteAsync(NpgsqlDataSource database, string sql)
    {
        await using var command = database.CreateCommand(sql);
        return await command.ExecuteScalarAsync();
    }
}
