using System.Globalization;
using Local.Dashboard.Resources;

namespace Local.Dashboard;

/// <summary>Numbers and times as the pages write them.</summary>
internal static class Text
{
    private const long Near = 1_000_000;
    private const long Far = 1_000 * Near;
    private const string Nothing = "–";

    internal static string Cpu(Usage? usage) => usage?.Cpu is { } cpu ? (cpu * 100).ToString(cpu < 0.1 ? "0.0" : "0", CultureInfo.InvariantCulture) + " %" : Nothing;

    /// <summary>For a bar's width: a full bar is one core.</summary>
    internal static string Percent(double fraction) => (Math.Clamp(fraction, 0, 1) * 100).ToString("0", CultureInfo.InvariantCulture) + "%";

    internal static string Bytes(long? bytes) => bytes switch
    {
        null => Nothing,
        >= 1L << 30 => (bytes.Value / (double)(1L << 30)).ToString("0.0", CultureInfo.InvariantCulture) + " GB",
        >= 1L << 20 => (bytes.Value >> 20).ToString(CultureInfo.InvariantCulture) + " MB",
        _ => (bytes.Value >> 10).ToString(CultureInfo.InvariantCulture) + " kB",
    };

    internal static string Count(long? number) => number?.ToString("#,0", CultureInfo.InvariantCulture) ?? Nothing;

    /// <summary>The part of a ticket's number that tells it from its neighbours: numbers begin anywhere.</summary>
    internal static string Ticket(long? number) => number is >= Far ? "…" + (number.Value % Near).ToString("000,000", CultureInfo.InvariantCulture) : Count(number);

    internal static string Rate(double? perSecond) => perSecond is { } rate ? rate.ToString(rate < 10 ? "0.0" : "#,0", CultureInfo.InvariantCulture) : Nothing;

    internal static string Clock(DateTimeOffset? at) => at?.ToLocalTime().ToString("HH:mm:ss", CultureInfo.InvariantCulture) ?? Nothing;

    internal static string Moment(DateTimeOffset? at) => at?.ToLocalTime().ToString("yyyy-MM-dd HH:mm:ss zzz", CultureInfo.InvariantCulture) ?? "";
}
