using System.Globalization;

namespace LoadTests.Drills;

/// <summary>Measured values as a report writes them.</summary>
internal static class Text
{
    public static string Of(Severity severity) => severity.ToString().ToUpperInvariant();

    public static string Of(TimeSpan? time, bool watched = true) => time is { } known ? Judgement.Seconds(known) : watched ? "never" : "(not measured: nobody watched)";

    public static string Of(DateTimeOffset at) => at.ToString("HH:mm:ss.f", CultureInfo.InvariantCulture);

    public static string Won(long amount) => string.Create(CultureInfo.InvariantCulture, $"{amount:N0} won");

    public static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
