using System.Reflection;
using System.Runtime.InteropServices;
using Local.Engine;
using Local.Processes;
using Local.Publishing;

namespace Aspire.Hosting;

/// <summary>The running application.</summary>
public sealed class DistributedApplication : IAsyncDisposable
{
    private static readonly TimeSpan EchoOfSignal = TimeSpan.FromSeconds(2);

    private readonly Orchestrator _orchestrator;

    private readonly Publisher? _publisher;

    internal DistributedApplication(Orchestrator orchestrator, Publisher? publisher = null) => (_orchestrator, _publisher) = (orchestrator, publisher);

    public ApplicationModel.ResourceNotificationService ResourceNotifications => _orchestrator.Notifications;

    public ApplicationModel.ResourceCommandService ResourceCommands => new(_orchestrator);

    public static IDistributedApplicationBuilder CreateBuilder(string[] args) => CreateBuilder(new DistributedApplicationOptions { Args = args });

    public static IDistributedApplicationBuilder CreateBuilder(DistributedApplicationOptions options) =>
        new DistributedApplicationBuilder(options, Assembly.GetEntryAssembly());

    /// <summary>Runs until Ctrl-C or SIGTERM; in publish mode, writes the deployment.</summary>
    // Aspire's own signature: the main thread has nothing else to do.
    public void Run() => RunAsync().GetAwaiter().GetResult();

    public async Task RunAsync(CancellationToken cancellationToken = default)
    {
        if (_publisher is not null)
        {
            Environment.ExitCode = await _publisher.RunAsync();
            return;
        }
        long asked = 0;
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        LibC.HearInterrupts();
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
        using var hangUp = PosixSignalRegistration.Create(PosixSignal.SIGHUP, Stop);
        using var orphaned = ParentWatch.WhenGone(stop.Cancel);
        try
        {
            await StartAsync(stop.Token);
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, stop.Token);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // The normal end.
        }
        catch (DistributedApplicationException e)
        {
            await Console.Error.WriteLineAsync(e.Message);
            Environment.ExitCode = 1;
        }
        finally
        {
            await DisposeAsync();
        }

        void Stop(PosixSignalContext context)
        {
            // Asked again, the process ends at once and the kernel ends its children. But one Ctrl-C may arrive several times: from
            // the terminal, and from a parent that passes it on.
            var first = Interlocked.CompareExchange(ref asked, TimeProvider.System.GetTimestamp(), 0);
            context.Cancel = first == 0 || TimeProvider.System.GetElapsedTime(first) < EchoOfSignal;
            stop.Cancel();
        }
    }

    /// <summary>Returns once every resource has been told to start; <see cref="ResourceNotifications"/> tells how they fare.</summary>
    public Task StartAsync(CancellationToken cancellationToken = default) => _orchestrator.StartAsync(cancellationToken);

    public Task StopAsync(CancellationToken cancellationToken = default) => _orchestrator.StopAsync();

    public async ValueTask DisposeAsync() => await _orchestrator.DisposeAsync();
}
