using Contracts;
using LoadTests.Drills;

namespace EndToEnd.Tests;

/// <summary>While people book, one part of the system after the other breaks, and heals.</summary>
public sealed class FaultTests(Sale sale) : IClassFixture<Sale>
{
    // Time-outs are what answers when something hangs; this is far above each of them, and below what a person waits.
    private static readonly TimeSpan AnsweredWithin = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan Moment = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Freeze = TimeSpan.FromSeconds(3);
    private static readonly string[] Services = [ResourceNames.Payment, ResourceNames.Reservation, ResourceNames.Concert, ResourceNames.Queue];
    private static readonly string[] Stores = [ResourceNames.Kafka, ResourceNames.Redis, ResourceNames.Postgres];

    [Fact]
    public async Task One_replica_of_each_service_is_killed_and_then_all() => await SurvivesAsync(async load =>
    {
        foreach (var service in Services)
            sale.Parts.KillOne(service);
        await Sale.SellsAsync(load);
        foreach (var service in Services)
        {
            sale.Parts.Kill(service);
            await PauseAsync(Moment);
        }
    }, mayCutConnections: true);

    [Fact]
    public async Task Every_store_is_killed() => await SurvivesAsync(async _ =>
    {
        foreach (var store in Stores)
        {
            sale.Parts.Kill(store);
            await PauseAsync(Moment);
        }
    });

    [Fact]
    public async Task Every_store_freezes() => await SurvivesAsync(async _ =>
    {
        foreach (var store in Stores)
        {
            using (sale.Parts.Freeze(store))
                await PauseAsync(Freeze);
            await PauseAsync(Moment);
        }
    });

    [Fact]
    public async Task PostgreSQL_is_restarted() => await SurvivesAsync(_ =>
    {
        sale.Parts.Restart(ResourceNames.Postgres, Signal.Interrupt);
        return PauseAsync(Moment);
    });

    [Fact]
    public async Task Redis_is_emptied() => await SurvivesAsync(_ => sale.Parts.EmptyRedisAsync());

    [Fact]
    public async Task The_gateway_takes_the_money_and_hangs_up() => await SurvivesAsync(async _ =>
    {
        var gateway = sale.Parts.Now.UrlOf(ResourceNames.PrimaryGateway)!;
        await new GatewayFaults(DropAfterApprovalRate: 1).ApplyAsync(gateway, CancellationToken.None);
        await PauseAsync(Freeze);
        await GatewayFaults.None.ApplyAsync(gateway, CancellationToken.None);
    });

    /// <param name="fault">Comes and goes; a restart that it leaves to the AppHost may still be under way.</param>
    /// <param name="mayCutConnections">A service that dies cannot answer; one that lost a store must.</param>
    private async Task SurvivesAsync(Func<SteadyLoad, Task> fault, bool mayCutConnections = false)
    {
        await using var load = await sale.OpenAsync();
        await fault(load);
        await Sale.SellsAsync(load);
        await load.StopAsync();

        var calls = load.Diary.Calls;
        Assert.DoesNotContain(calls, c => c.IsCrash);
        Assert.DoesNotContain(calls, c => c.Took > AnsweredWithin);
        Assert.True(mayCutConnections || calls.All(c => c.Answer != Call.None), string.Join('\n', calls.Where(c => c.Answer == Call.None)));
        await sale.BooksAgreeAsync();
    }

    private static Task PauseAsync(TimeSpan pause) => Task.Delay(pause, TimeProvider.System);
}
