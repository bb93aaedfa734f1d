using Local.Processes;

namespace Local.Engine;

/// <summary>
/// <c>dotnet run</c> starts the AppHost as its child. When somebody kills that with SIGKILL it cannot pass the news on, so we look.
/// Any other parent (a shell, a service manager) may end without us.
/// </summary>
internal static class ParentWatch
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    internal static IDisposable? WhenGone(Action stop)
    {
        var parent = LibC.ParentProcess();
        var command = ProcessTable.CommandLine(parent);
        if (!command.Contains("dotnet", StringComparison.Ordinal) || !command.Contains(" run", StringComparison.Ordinal))
            return null;
        return TimeProvider.System.CreateTimer(_ =>
        {
            if (LibC.ParentProcess() != parent)
                stop();
        }, null, Interval, Interval);
    }
}
