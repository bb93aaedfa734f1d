using Aspire.Hosting.ApplicationModel;
using Local.Dashboard;

namespace Local.Engine;

/// <summary>What somebody at the terminal sees: a line per step, one table when everything is up, and why when something is not.</summary>
internal sealed class ConsoleReport(ResourceNotificationService notifications, EngineOptions options, StateFolder state, DashboardOptions? dashboard)
{
    private const string Healthy = "Healthy";
    private const string Unhealthy = "Unhealthy";

    private readonly Lock _lock = new();
    private readonly Dictionary<string, string> _shown = new(StringComparer.Ordinal);
    private readonly long _began = TimeProvider.System.GetTimestamp();
    private IReadOnlyList<ResourceRunner> _runners = [];
    private bool _tableShown;

    internal void Begin(IReadOnlyList<ResourceRunner> runners)
    {
        _runners = runners;
        notifications.Changed += Show;
        if (!options.Verbose)
            return;
        foreach (var instance in runners.SelectMany(r => r.Instances))
            instance.Log.Written += line => Print($"[{instance.Name}] {line.Text}");
    }

    private void Show(ResourceStatus status)
    {
        lock (_lock)
        {
            var before = _shown.GetValueOrDefault(status.Name);
            var now = Summary(status, before);
            if (now == before)
                return;
            _shown[status.Name] = now;
            if (now is KnownResourceStates.NotStarted or KnownResourceStates.Waiting or KnownResourceStates.Running)
                return;
            Print($"{Elapsed,6:0.0} s  {status.Name,-18} {now}");
            if (now is KnownResourceStates.FailedToStart or KnownResourceStates.Exited or Unhealthy && status.Failure is { } failure)
                Print("          " + failure.ReplaceLineEndings("\n          "));
            if (!_tableShown && _runners.Where(r => r.StartsByItself).All(r => _shown.GetValueOrDefault(r.Resource.Name) is Healthy))
                ShowTable();
        }
    }

    private void ShowTable()
    {
        _tableShown = true;
        var statuses = notifications.Current.ToDictionary(s => s.Name, StringComparer.Ordinal);
        Print($"\nEverything is up after {Elapsed:0.0} s.\n");
        foreach (var runner in _runners)
        {
            var status = statuses[runner.Resource.Name];
            Print($"  {status.Name,-18} {_shown.GetValueOrDefault(status.Name, status.State),-10} {string.Join("  ", status.Urls)}");
        }
        if (dashboard is not null)
            Print($"\n  Login to the dashboard at {dashboard.LoginUrl}");
        Print($"\n  Logs: {Path.Combine(state.Root, "logs")}\n  Ctrl-C stops everything.\n");
    }

    private static string Summary(ResourceStatus status, string? before)
    {
        if (status.State != KnownResourceStates.Running)
            return status.State;
        if (status.Healthy == true)
            return Healthy;
        // Not ready yet is no news; not well any more is.
        return before is Healthy or Unhealthy ? Unhealthy : KnownResourceStates.Running;
    }

    private double Elapsed => TimeProvider.System.GetElapsedTime(_began).TotalSeconds;

    private static void Print(string line) => Console.WriteLine(line);
}
