using System.Diagnostics;

namespace Local.Processes;

/// <summary>A running child: its output line by line, its end, and its signals. It never outlives this process.</summary>
public sealed class ChildProcess : IDisposable
{
    private readonly Process _process;
    private readonly Task _output;

    private ChildProcess(Process process, Action<string> onLine)
    {
        _process = process;
        Id = process.Id;
        process.StandardInput.Close();
        _output = Task.WhenAll(PumpAsync(process.StandardOutput, onLine), PumpAsync(process.StandardError, onLine));
        Exited = WaitAsync();
    }

    public int Id { get; }

    /// <summary>Completes with the exit code, after the last line of output.</summary>
    public Task<int> Exited { get; }

    public bool HasExited => Exited.IsCompleted;

    public static ChildProcess Start(ChildCommand command, Action<string> onLine)
    {
        var process = SpawnThread.Run(() => Process.Start(command.ToStartInfo()))
            ?? throw new InvalidOperationException($"{command.FileName} did not start.");
        return new ChildProcess(process, onLine);
    }

    /// <summary>Runs a command to its end; returns its exit code.</summary>
    public static async Task<int> RunAsync(ChildCommand command, Action<string> onLine, CancellationToken cancellationToken)
    {
        using var child = Start(command, onLine);
        await using var killed = cancellationToken.Register(child.KillTree);
        var code = await child.Exited;
        cancellationToken.ThrowIfCancellationRequested();
        return code;
    }

    public void Send(Signal signal)
    {
        if (!HasExited)
            _ = LibC.Kill(Id, (int)signal);
    }

    /// <summary>The signal goes to the child and everything below it: PostgreSQL's backends are sessions of their own.</summary>
    public void SendTree(Signal signal)
    {
        if (HasExited)
            return;
        foreach (var pid in ProcessTable.Descendants(Id).Prepend(Id))
            _ = LibC.Kill(pid, (int)signal);
    }

    public void KillTree() => SendTree(Signal.Kill);

    /// <summary>Asks with <paramref name="signal"/>, waits, and takes it down with everything below when that is not enough.</summary>
    public async Task StopAsync(Signal signal, TimeSpan patience)
    {
        Send(Signal.Continue);
        Send(signal);
        try
        {
            await Exited.WaitAsync(patience, TimeProvider.System);
        }
        catch (TimeoutException)
        {
            KillTree();
            await Exited;
        }
    }

    public void Dispose()
    {
        KillTree();
        _process.Dispose();
    }

    private async Task<int> WaitAsync()
    {
        await _process.WaitForExitAsync();
        // A grandchild that keeps the pipe open must not hide that the child is gone.
        await Task.WhenAny(_output, Task.Delay(TimeSpan.FromMilliseconds(500), TimeProvider.System));
        return _process.ExitCode;
    }

    private static async Task PumpAsync(StreamReader reader, Action<string> onLine)
    {
        try
        {
            while (await reader.ReadLineAsync() is { } line)
                onLine(line);
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException)
        {
            // The pipe went away with the child.
        }
    }
}
