using System.Globalization;

namespace Local.Dashboard.Telemetry;

/// <summary>Times and durations of telemetry as the pages write them.</summary>
internal static class Display
{
    private static readonly CultureInfo Plain = CultureInfo.InvariantCulture;

    /// <summary>Three digits, and the unit that fits them.</summary>
    internal static string Duration(TimeSpan duration) => duration.Ticks switch
    {
        < 0 => "–",
        < TimeSpan.TicksPerMillisecond => Digits(duration.TotalMicroseconds) + " µs",
        < TimeSpan.TicksPerSecond => Digits(duration.TotalMilliseconds) + " ms",
        < TimeSpan.TicksPerMinute => Digits(duration.TotalSeconds) + " s",
        _ => $"{(int)duration.TotalMinutes} min {duration.Seconds} s",
    };

    internal static string Duration(long ticks) => Duration(TimeSpan.FromTicks(ticks));

    internal static string Seconds(double seconds) => double.IsFinite(seconds) ? Duration(TimeSpan.FromSeconds(Math.Clamp(seconds, 0, 1e9))) : "–";

    internal static string Clock(long ticks) => Local(ticks).ToString("HH:mm:ss.fff", Plain);

    internal static string Moment(long ticks) => Local(ticks).ToString("yyyy-MM-dd HH:mm:ss.ffffff zzz", Plain);

    internal static string Percent(double ratio) => ratio == 0 ? "0 %" : ratio < 0.001 ? "< 0.1 %" : (ratio * 100).ToString(ratio < 0.1 ? "0.0" : "0", Plain) + " %";

    /// <summary>For an axis or a table, with the thousands and small parts cut to what a person reads.</summary>
    internal static string Number(double value)
    {
        if (!double.IsFinite(value))
            return "–";
        var size = Math.Abs(value);
        return size switch
        {
            0 => "0",
            >= 1e9 => Digits(value / 1e9) + " G",
            >= 1e6 => Digits(value / 1e6) + " M",
            >= 1e4 => Digits(value / 1e3) + " k",
            >= 1 => Digits(value),
            _ => value.ToString("G3", Plain),
        };
    }

    /// <summary>A number in a unit as instruments name them: UCUM, with notes in braces.</summary>
    internal static string Number(double value, string unit) => unit switch
    {
        "s" => Seconds(value),
        "ms" => Seconds(value / 1e3),
        "By" => double.IsFinite(value) ? Bytes(value) : "–",
        _ => Number(value),
    };

    /// <summary>How often: by the second where that is often, else by the minute.</summary>
    internal static string Rate(double count, TimeSpan over)
    {
        var perSecond = count / over.TotalSeconds;
        return perSecond >= 1 ? Digits(perSecond) + "/s" : Digits(perSecond * 60) + "/min";
    }

    internal static string Style(double fraction) => (fraction * 100).ToString("0.###", Plain) + "%";

    private static string Bytes(double value) => value switch
    {
        >= 1L << 30 => Digits(value / (1L << 30)) + " GB",
        >= 1L << 20 => Digits(value / (1L << 20)) + " MB",
        >= 1 << 10 => Digits(value / (1 << 10)) + " kB",
        _ => Digits(value) + " B",
    };

    private static string Digits(double value) => Math.Abs(value) switch
    {
        >= 100 => value.ToString("#,0", Plain),
        >= 10 => value.ToString("0.#", Plain),
        _ => value.ToString("0.##", Plain),
    };

    private static DateTimeOffset Local(long ticks) => new DateTimeOffset(ticks, TimeSpan.Zero).ToLocalTime();
}
