namespace ServiceDefaults.Tokens;

/// <summary>RFC 7519's NumericDate, seconds since 1970, with three decimals: a hold's end keeps its millisecond.</summary>
internal static class NumericDate
{
    // The first second after DateTimeOffset's last year.
    private const decimal End = 253_402_300_800m;

    public static decimal Of(DateTimeOffset time) => time.ToUnixTimeMilliseconds() / 1000m;

    public static bool TryParse(decimal seconds, out DateTimeOffset time)
    {
        var valid = seconds is >= 0 and < End;
        time = valid ? DateTimeOffset.FromUnixTimeMilliseconds((long)(seconds * 1000)) : default;
        return valid;
    }
}
