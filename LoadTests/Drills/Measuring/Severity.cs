namespace LoadTests.Drills;

/// <summary>How bad it was, by what customers and the business felt.</summary>
internal enum Severity
{
    /// <summary>Wrong seats or money, or hardly anybody could book.</summary>
    Sev1 = 1,

    /// <summary>Many could not book.</summary>
    Sev2,

    /// <summary>Some could not book.</summary>
    Sev3,

    /// <summary>Nobody was kept from booking.</summary>
    Sev4,
}

internal static class Severities
{
    public static Severity Of(Impact impact, bool booksClean) => impact switch
    {
        _ when !booksClean => Severity.Sev1,
        { LostPercent: >= 50 } => Severity.Sev1,
        { LostPercent: >= 10 } => Severity.Sev2,
        { Lost: > 0 } => Severity.Sev3,
        _ => Severity.Sev4,
    };
}
