using Microsoft.Extensions.Options;

namespace ConcertService;

public sealed class DemoDataOptions
{
    public const string Section = "DemoData";

    /// <summary>Whether a database without concerts is filled with invented ones at start. Unset: in Development only.</summary>
    public bool? Load { get; set; }
}

/// <summary>Gives a fresh system something to sell, before it answers the first request.</summary>
public sealed partial class LoadDemoData(
    CatalogueSeeder seeder, IOptions<DemoDataOptions> options, IHostEnvironment environment, ILogger<LoadDemoData> log) : IHostedService
{
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        if (!(options.Value.Load ?? environment.IsDevelopment()))
            return;
        if (await seeder.LoadIfEmptyAsync(CatalogueSpec.Demo, cancellationToken))
            LogLoaded(CatalogueSpec.Demo.Concerts, CatalogueSpec.Demo.Schedules);
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    [LoggerMessage(Level = LogLevel.Information, Message = "Loaded the demo data: {Concerts} concerts, {Schedules} schedules")]
    private partial void LogLoaded(int concerts, int schedules);
}
