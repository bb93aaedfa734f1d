using Local.Dashboard.Live;
using Local.Dashboard.Resources;
using Local.Dashboard.Services;

namespace Local.Dashboard.Alerts;

/// <summary>What fires and fired, put together from the notifications that were sent.</summary>
internal sealed class AlertHistory : IDisposable
{
    internal const string Topic = "alerts";
    private const string Receiver = "alerts", Sender = "alertmanager";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    private readonly IResourceView _resources;
    private readonly ServiceClient _services;

    public AlertHistory(IResourceView resources, ServiceClient services, LiveChanges changes, TimeProvider time)
    {
        (_resources, _services) = (resources, services);
        Now = new Polled<AlertSnapshot>(Topic, changes, time, ReadAsync);
    }

    public Polled<AlertSnapshot> Now { get; }

    /// <summary>Whether the system was started with monitoring.</summary>
    public bool IsKept => _resources.Current.Any(r => r.Name == Receiver);

    public void Dispose() => Now.Dispose();

    /// <summary>The newest first. What was sent before <paramref name="watchedSince"/> and never taken back is over, nobody knows since when.</summary>
    internal static IReadOnlyList<FiredAlert> Of(IEnumerable<AlertNotification> notifications, DateTimeOffset? watchedSince) =>
        notifications.GroupBy(n => (n.Fingerprint, n.StartsAt))
            .Select(g => Of(g.OrderBy(n => n.ReceivedAt).Last(), watchedSince))
            .OrderByDescending(a => a.From).ToList();

    private static FiredAlert Of(AlertNotification last, DateTimeOffset? watchedSince)
    {
        var isLost = last.EndsAt is null && last.ReceivedAt < watchedSince;
        var end = isLost ? last.ReceivedAt : last.EndsAt;
        return new FiredAlert(last.Fingerprint, last.Alert, last.Severity, last.Summary, last.StartsAt.UtcTicks, end?.UtcTicks)
        {
            Labels = last.Labels,
            RunbookUrl = last.RunbookUrl,
            IsLost = isLost,
        };
    }

    private async Task<AlertSnapshot> ReadAsync(CancellationToken cancel)
    {
        if (!IsKept)
            return new AlertSnapshot([], null);
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        patience.CancelAfter(Patience);
        try
        {
            var report = await _services.GetAsync<AlertReport>(Receiver, "/api/v1/alerts", patience.Token);
            return new AlertSnapshot(Of(report.Recent, _resources.Current.FirstOrDefault(r => r.Name == Sender)?.StartedAt), null);
        }
        catch (Exception e) when (e is HttpRequestException or OperationCanceledException or System.Text.Json.JsonException)
        {
            return new AlertSnapshot([], $"'{Receiver}' did not tell: {(e is OperationCanceledException ? "no answer in time." : e.Message)}");
        }
    }
}

/// <param name="Trouble">Why nothing is known.</param>
internal sealed record AlertSnapshot(IReadOnlyList<FiredAlert> All, string? Trouble);
