using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace ServiceDefaults.Shutdown;

/// <summary>On SIGTERM: not ready any more, a while of serving on, then the server and the background work stop and finish what they have.</summary>
internal sealed partial class Drain(IOptions<DrainOptions> options, TimeProvider time, ILogger<Drain> logger) : IHostedLifecycleService
{
    private volatile bool _started;

    public bool HasStarted => _started;

    // Runs before the first hosted service, thus also the web server, is told to stop.
    public async Task StoppingAsync(CancellationToken cancellationToken)
    {
        _started = true;
        if (options.Value.DrainTime is not { Ticks: > 0 } drainTime)
            return;
        Draining(logger, drainTime);
        await Task.Delay(drainTime, time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    public static void Add(IHostApplicationBuilder builder)
    {
        var drainTime = builder.Environment.IsDevelopment() ? TimeSpan.Zero : TimeSpan.FromSeconds(5);
        builder.Services.AddOptions<DrainOptions>().BindConfiguration(DrainOptions.Section)
            .PostConfigure(o => o.DrainTime ??= drainTime)
            .Validate(o => o.DrainTime >= TimeSpan.Zero, "Shutdown:DrainTime must not be negative.")
            .Validate(o => o.FinishTime > TimeSpan.Zero, "Shutdown:FinishTime must be positive.")
            .ValidateOnStart();
        builder.Services.AddOptions<HostOptions>()
            .Configure<IOptions<DrainOptions>>((host, drain) => host.ShutdownTimeout = drain.Value.DrainTime!.Value + drain.Value.FinishTime);
        builder.Services.AddSingleton<Drain>();
        builder.Services.AddHostedService(s => s.GetRequiredService<Drain>());
    }

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    [LoggerMessage(LogLevel.Information, "Not ready any more; serving on for {DrainTime} before the stop")]
    private static partial void Draining(ILogger logger, TimeSpan drainTime);
}
