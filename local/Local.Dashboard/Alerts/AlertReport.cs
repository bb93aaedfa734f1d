namespace Local.Dashboard.Alerts;

/// <summary>What the receiver of Alertmanager's notifications remembers, newest first.</summary>
internal sealed record AlertReport(IReadOnlyList<AlertNotification> Recent);

/// <summary>One alert of one notification.</summary>
/// <param name="Status">firing or resolved.</param>
internal sealed record AlertNotification(
    DateTimeOffset ReceivedAt, string Alert, string Status, string Severity, string Summary, string RunbookUrl,
    IReadOnlyDictionary<string, string> Labels, DateTimeOffset StartsAt, DateTimeOffset? EndsAt, string Fingerprint);
