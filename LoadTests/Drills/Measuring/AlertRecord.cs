using System.Text.Json;

namespace LoadTests.Drills;

/// <summary>What somebody was notified of: the AppHost writes it down when it runs with <c>--monitoring</c>.</summary>
internal sealed record Notification(DateTimeOffset ReceivedAt, string Alert, string Status, string Severity, string Summary, string RunbookUrl, DateTimeOffset StartsAt)
{
    public bool IsFiring => Status == "firing";
}

/// <summary>The record of notifications of a running system.</summary>
internal sealed class AlertRecord(string path)
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    /// <summary>Null when nobody watches the system.</summary>
    public static AlertRecord? Of(RunningParts parts) =>
        parts.Now is { Folder: { } folder } file && file.UrlOf("alerts") is not null ? new AlertRecord(Path.Combine(folder, "alerts.jsonl")) : null;

    public IReadOnlyList<Notification> Between(DateTimeOffset from, DateTimeOffset to) =>
        [.. Read().Where(n => n.ReceivedAt >= from && n.ReceivedAt < to)];

    /// <summary>Alerts whose last word was that they fire.</summary>
    public IReadOnlyList<string> Firing() =>
        [.. Read().GroupBy(n => n.Alert, StringComparer.Ordinal).Where(g => g.Last().IsFiring).Select(g => g.Key)];

    /// <summary>The first alert that a fault caused: one that fired before it began is about something else.</summary>
    public static Notification? First(IEnumerable<Notification> notifications, DateTimeOffset brokenAt) =>
        notifications.Where(n => n.IsFiring && n.StartsAt >= brokenAt && n.ReceivedAt >= brokenAt).MinBy(n => n.ReceivedAt);

    private IEnumerable<Notification> Read()
    {
        foreach (var line in File.Exists(path) ? File.ReadAllLines(path) : [])
        {
            if (Parse(line) is { } notification) yield return notification;
        }
    }

    // The last line may be half written.
    private static Notification? Parse(string line)
    {
        try
        {
            return JsonSerializer.Deserialize<Notification>(line, Json);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
