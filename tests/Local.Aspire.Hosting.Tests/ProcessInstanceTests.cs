using Local.Engine;
using Local.Processes;

namespace Aspire.Hosting.Tests;

public sealed class ProcessInstanceTests
{
    [Fact]
    public async Task A_process_that_ends_while_it_is_asked_how_it_is_starts_again()
    {
        using var stopping = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        var workload = new EndsWhileAsked();
        var instance = new ProcessInstance("short", workload, new ProcessLog(), () => { });

        var run = instance.RunAsync(stopping.Token);
        await Task.WhenAny(run, workload.StartedAgain);
        await stopping.CancelAsync();
        await run;

        Assert.True(workload.StartedAgain.IsCompleted);
    }

    /// <summary>The probe learns of the process's end by its connection, which says so in words of its own.</summary>
    private sealed class EndsWhileAsked : IWorkload
    {
        private readonly TaskCompletionSource _startedAgain = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private int _starts;

        public Task StartedAgain => _startedAgain.Task;

        public Task<ChildProcess?> LaunchAsync(CancellationToken cancellationToken)
        {
            if (++_starts == 2)
                _startedAgain.SetResult();
            return Task.FromResult<ChildProcess?>(ChildProcess.Start(new ChildCommand("/bin/true"), _ => { }));
        }

        public async Task ProbeAsync(CancellationToken cancellationToken)
        {
            await Task.Delay(Timeout.Infinite, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            throw new IOException("Connection reset by peer");
        }
    }
}
