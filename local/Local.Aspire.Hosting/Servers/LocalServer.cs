using Local.Processes;

namespace Local.Servers;

/// <summary>A store or broker that runs as a child process on this machine: one way to start it, for the AppHost and the tests.</summary>
public abstract class LocalServer(string name, string dataDirectory, int port, ProcessLog log) : IAsyncDisposable
{
    private static readonly TimeSpan ReadyWithin = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan ProbeEvery = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan StopPatience = TimeSpan.FromSeconds(10);

    private ChildProcess? _process;

    public string Name { get; } = name;

    public string DataDirectory { get; } = Path.GetFullPath(dataDirectory);

    public int Port { get; } = port;

    public ProcessLog Log { get; } = log;

    public int? ProcessId => _process is { HasExited: false } running ? running.Id : null;

    /// <summary>The signal that means "finish cleanly".</summary>
    public virtual Signal StopSignal => Signal.Terminate;

    /// <summary>Prepares the data directory and starts the process; it may still be recovering when this returns.</summary>
    public async Task<ChildProcess> LaunchAsync(CancellationToken cancellationToken = default)
    {
        await PrepareAsync(cancellationToken);
        return _process = ChildProcess.Start(Command(), Log.Write);
    }

    /// <summary>Throws when the server does not answer.</summary>
    public abstract Task ProbeAsync(CancellationToken cancellationToken);

    public async Task StartAsync(CancellationToken cancellationToken = default)
    {
        var process = await LaunchAsync(cancellationToken);
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        deadline.CancelAfter(ReadyWithin);
        while (true)
        {
            try
            {
                await ProbeAsync(deadline.Token);
                return;
            }
            catch (Exception e) when (process.HasExited || deadline.IsCancellationRequested)
            {
                cancellationToken.ThrowIfCancellationRequested();
                throw new InvalidOperationException($"{Name} did not become ready:\n{string.Join('\n', Log.Last(20))}", e);
            }
            catch (Exception)
            {
                await Task.Delay(ProbeEvery, TimeProvider.System, cancellationToken);
            }
        }
    }

    public Task StopAsync() => _process?.StopAsync(StopSignal, StopPatience) ?? Task.CompletedTask;

    public async Task RestartAsync(CancellationToken cancellationToken = default)
    {
        await StopAsync();
        await StartAsync(cancellationToken);
    }

    /// <summary>As the power cut does it: no goodbye, for the server and all its processes.</summary>
    public async Task KillAsync()
    {
        if (_process is null)
            return;
        _process.KillTree();
        await _process.Exited;
    }

    /// <summary>The server keeps its connections open and answers nothing, until <see cref="Thaw"/>.</summary>
    public void Freeze() => _process?.SendTree(Signal.Stop);

    public void Thaw() => _process?.SendTree(Signal.Continue);

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _process?.Dispose();
        Log.Dispose();
        GC.SuppressFinalize(this);
    }

    protected abstract ChildCommand Command();

    protected virtual Task PrepareAsync(CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(DataDirectory);
        return Task.CompletedTask;
    }
}
