using System.Globalization;

namespace Local.Dashboard.Alerts;

/// <summary>One alert from when it began to fire until it stopped, as far as that is known.</summary>
/// <param name="From">Ticks.</param>
/// <param name="To">Ticks; null while it fires.</param>
public sealed record FiredAlert(string Fingerprint, string Name, string Severity, string Summary, long From, long? To)
{
    internal const string Page = "page";

    public IReadOnlyDictionary<string, string> Labels { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    public string RunbookUrl { get; init; } = "";

    /// <summary>Nobody was told that it stopped: what watches was itself started again.</summary>
    public bool IsLost { get; init; }

    public bool IsFiring => To is null;

    /// <summary>The service that it is about; null where it is about the whole.</summary>
    public string? Service => Labels.GetValueOrDefault("job");

    public string Key => string.Create(CultureInfo.InvariantCulture, $"{Fingerprint}-{From}");

    public string Title => Service is null ? Name : $"{Name} {Service}";

    public bool Overlaps(long from, long to) => From <= to && (To ?? long.MaxValue) >= from;

    /// <summary>Whether it may explain what one service's chart shows.</summary>
    public bool IsAbout(string? service) => Service is null || string.IsNullOrEmpty(service) || Service == service;
}
