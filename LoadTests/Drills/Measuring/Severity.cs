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

    public static Severity Of(Impact impact, bool booksClean) =>
        !booksClean || impact.LostPercent >= Hardly ? Severity.Sev1 : impact.LostPercent >= Many ? Severity.Sev2 : Severity.Sev3;
}
