using System.Text.Json;

namespace Local.Alerts;

/// <summary>Notifications as lines of JSON in a file (<c>Alerts:File</c>), the latest of them in memory.</summary>
internal sealed class AlertLog : IDisposable
{
    private const int Remembered = 1000;

    private readonly Lock _lock = new();
    private readonly SemaphoreSlim _oneWriter = new(1, 1);
    private readonly Queue<AlertEntry> _recent = new();
    private readonly string _path;
    private readonly TimeProvider _time;

    public AlertLog(IConfiguration configuration, TimeProvider time)
    {
        _path = configuration["Alerts:File"] ?? throw new InvalidOperationException("Alerts:File must name the file to write to.");
        _time = time;
        foreach (var line in File.Exists(_path) ? File.ReadLines(_path) : [])
            Remember(Parse(line));
    }

    public async Task WriteAsync(Notification notification, CancellationToken ct)
    {
        var now = _time.GetUtcNow();
        var entries = notification.Alerts.Select(a => Entry(a, now)).ToList();
        await _oneWriter.WaitAsync(ct);
        try
        {
            await File.AppendAllLinesAsync(_path, entries.Select(e => JsonSerializer.Serialize(e, AlertJson.Default.AlertEntry)), ct);
            entries.ForEach(Remember);
        }
        finally
        {
            _oneWriter.Release();
        }
    }

    public AlertReport Read()
    {
        lock (_lock)
        {
            var newestFirst = _recent.Reverse().ToList();
            return new AlertReport(newestFirst.DistinctBy(e => e.Fingerprint, StringComparer.Ordinal).Where(e => e.Status == "firing").ToList(), newestFirst);
        }
    }

    public void Dispose() => _oneWriter.Dispose();

    // The last line of a process that was killed may be cut off.
    private static AlertEntry? Parse(string line)
    {
        try
        {
            return JsonSerializer.Deserialize(line, AlertJson.Default.AlertEntry);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static AlertEntry Entry(NotifiedAlert alert, DateTimeOffset now) => new(
        now, alert.Labels.GetValueOrDefault("alertname", ""), alert.Status, alert.Labels.GetValueOrDefault("severity", ""),
        alert.Annotations.GetValueOrDefault("summary", ""), alert.Annotations.GetValueOrDefault("runbook_url", ""),
        alert.Labels, alert.StartsAt, alert.Status == "resolved" ? alert.EndsAt : null, alert.Fingerprint);

    private void Remember(AlertEntry? entry)
    {
        if (entry is null)
            return;
        lock (_lock)
        {
            _recent.Enqueue(entry);
            if (_recent.Count > Remembered)
                _recent.Dequeue();
        }
    }
}
