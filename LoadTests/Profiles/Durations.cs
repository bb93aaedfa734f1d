using System.CommandLine.Parsing;
using System.Globalization;

namespace LoadTests.Profiles;

/// <summary>Reads durations as people write them: 30s, 5m, 1h, 00:05:00.</summary>
internal static class Durations
{
    public static TimeSpan Parse(ArgumentResult argument)
    {
        var text = argument.Tokens.Count == 1 ? argument.Tokens[0].Value : "";
        TimeSpan? parsed = text switch
        {
            [.. var number, 's'] when TryNumber(number, out var value) => TimeSpan.FromSeconds(value),
            [.. var number, 'm'] when TryNumber(number, out var value) => TimeSpan.FromMinutes(value),
            [.. var number, 'h'] when TryNumber(number, out var value) => TimeSpan.FromHours(value),
            _ => text.Contains(':', StringComparison.Ordinal) && TimeSpan.TryParse(text, CultureInfo.InvariantCulture, out var value) ? value : null,
        };
        if (parsed is { } duration && duration > TimeSpan.Zero && duration <= TimeSpan.FromDays(7)) return duration;
        argument.AddError($"'{text}' is not a duration. Write it as 30s, 5m, 1h or 00:05:00.");
        return default;
    }

    private static bool TryNumber(string text, out double value) =>
        double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out value) && value < 1_000_000;
}
