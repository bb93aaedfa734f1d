namespace LoadTests.Drills;

/// <summary>How bad it was, by what customers felt: docs/incidents/process.md.</summary>
internal enum Severity
{
    /// <summary>Wrong seats or money, or hardly anybody could book.</summary>
    Sev1 = 1,

    /// <summary>Many could not book.</summary>
    Sev2,

    /// <summary>Few felt it, or nobody.</summary>
    Sev3,
}

internal static class Severities
{
    private const int Hardly = 50;
    private const int Many = 10;

    /// <summary>A few seconds in which nobody could book are not yet the end of a sale: it counts what was lost of a minute's bookings, at least.</summary>
    private static readonly TimeSpan LeastSpan = TimeSpan.FromMinutes(1);

    public static Severity Of(Impact impact, TimeSpan span, bool booksClean)
    {
        var lostPercent = impact.LostPercent * Math.Min(1, span / LeastSpan);
        return !booksClean || lostPercent >= Hardly ? Severity.Sev1 : lostPercent >= Many ? Severity.Sev2 : Severity.Sev3;
    }
}
