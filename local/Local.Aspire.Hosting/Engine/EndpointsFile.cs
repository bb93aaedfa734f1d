using System.Text.Json;
using Aspire.Hosting.ApplicationModel;
using Local.Dashboard;

namespace Local.Engine;

/// <summary>The running system for other programs to read: each resource's state, addresses and processes. Gone when the AppHost is.</summary>
internal sealed class EndpointsFile : IDisposable
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    private readonly Lock _lock = new();
    private readonly string _path;
    private readonly ResourceNotificationService _notifications;
    private readonly object? _dashboard;

    internal EndpointsFile(string path, ResourceNotificationService notifications, DashboardOptions? dashboard)
    {
        _path = path;
        _dashboard = dashboard is null ? null : new { dashboard.Url, dashboard.LoginUrl, dashboard.OtlpUrl, dashboard.OtlpGrpcUrl };
        _notifications = notifications;
        notifications.Changed += Write;
    }

    public void Dispose()
    {
        _notifications.Changed -= Write;
        lock (_lock)
            File.Delete(_path);
    }

    private void Write(ResourceStatus changed)
    {
        lock (_lock)
        {
            var resources = _notifications.Current.OrderBy(r => r.Name, StringComparer.Ordinal).Select(Entry);
            PrivateFile.Write(_path, JsonSerializer.Serialize(new { appHost = Environment.ProcessId, dashboard = _dashboard, resources }, Json));
        }
    }

    private static object Entry(ResourceStatus status) => new
    {
        status.Name,
        status.State,
        status.Healthy,
        status.Urls,
        status.ProcessIds,
        status.Restarts,
        status.ExitCode,
        status.ConnectionString,
        status.Failure,
    };
}
