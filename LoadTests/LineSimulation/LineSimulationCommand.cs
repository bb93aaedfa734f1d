using System.CommandLine;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using QueueService;
using ServiceDefaults.Redis;
using StackExchange.Redis;

namespace LoadTests.LineSimulation;

/// <summary><c>line-simulation</c>: one line of very many people, with Queue.Service's own classes and scripts against a real Redis.</summary>
internal static class LineSimulationCommand
{
    private const int UsageError = 2;

    public static Command Create()
    {
        var tickets = PositiveNumber.Option("--tickets", "people who queue for one concert", 1_000_000);
        var perSecond = PositiveNumber.Option("--admit-per-second", "admissions a second, of simulated time", 10_000);
        var callers = PositiveNumber.Option("--callers", "calls under way at once", 64);

        var command = new Command("line-simulation", "let very many people queue for one concert, on a real Redis and a simulated clock") { tickets, perSecond, callers };
        command.SetAction(async (parsed, ct) =>
        {
            var size = new SimulationSize(parsed.GetValue(tickets), parsed.GetValue(perSecond), parsed.GetValue(callers));
            if (size.Mistake is { } mistake)
            {
                await Console.Error.WriteLineAsync(mistake);
                return UsageError;
            }
            await using var redis = await RedisProcess.StartAsync(ct);
            var clock = new SimulatedClock(TimeProvider.System.GetUtcNow());
            await using var services = Services(redis, clock);
            return await new Simulation(services.GetRequiredService<Lines>(), redis, clock, size).RunAsync(Console.WriteLine, ct) ? 0 : 1;
        });
        return command;
    }

    // People stay without polling: what polls cost is measured by themselves, or the simulation would take as long as the sale.
    private static ServiceProvider Services(RedisProcess redis, SimulatedClock clock) => new ServiceCollection()
        .AddMetrics()
        .AddSingleton<IConnectionMultiplexer>(redis.Connection)
        .AddSingleton(Options.Create(new RedisGateOptions { Timeout = TimeSpan.FromSeconds(10) }))
        .AddSingleton(Options.Create(new LineOptions { WaitingLease = TimeSpan.FromHours(5), RememberFor = TimeSpan.FromHours(5) }))
        .AddSingleton<TimeProvider>(clock)
        .AddSingleton<RedisGate>()
        .AddSingleton<LineScripts>()
        .AddSingleton<LineMemory>()
        .AddSingleton<QueueMetrics>()
        .AddSingleton<Beat>()
        .AddSingleton<Lines>()
        .BuildServiceProvider();
}

internal readonly record struct SimulationSize(int Tickets, int AdmitPerSecond, int Callers)
{
    public string? Mistake =>
        Tickets < 1 ? "--tickets must be positive."
        : AdmitPerSecond < 1 ? "--admit-per-second must be positive."
        : Callers < 1 ? "--callers must be positive."
        : null;
}
