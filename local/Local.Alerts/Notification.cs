using System.Text.Json.Serialization;

namespace Local.Alerts;

/// <summary>What Alertmanager posts to a webhook, as far as it is of interest here.</summary>
internal sealed record Notification(IReadOnlyList<NotifiedAlert> Alerts);

internal sealed record NotifiedAlert(
    string Status, IReadOnlyDictionary<string, string> Labels, IReadOnlyDictionary<string, string> Annotations,
    DateTimeOffset StartsAt, DateTimeOffset EndsAt, string Fingerprint);

/// <summary>One line of the log: one alert of one notification.</summary>
/// <param name="Status">firing or resolved.</param>
/// <param name="StartsAt">When Prometheus first found the alert firing.</param>
internal sealed record AlertEntry(
    DateTimeOffset ReceivedAt, string Alert, string Status, string Severity, string Summary, string RunbookUrl,
    IReadOnlyDictionary<string, string> Labels, DateTimeOffset StartsAt, DateTimeOffset? EndsAt, string Fingerprint);

/// <param name="Firing">Alerts whose last notification said so, newest first.</param>
/// <param name="Recent">Notifications, newest first.</param>
internal sealed record AlertReport(IReadOnlyList<AlertEntry> Firing, IReadOnlyList<AlertEntry> Recent);

[JsonSourceGenerationOptions(System.Text.Json.JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(Notification))]
[JsonSerializable(typeof(AlertEntry))]
[JsonSerializable(typeof(AlertReport))]
internal sealed partial class AlertJson : JsonSerializerContext;
