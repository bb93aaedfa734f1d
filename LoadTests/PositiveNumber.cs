using System.CommandLine;
using System.Globalization;
using System.Numerics;

namespace LoadTests;

/// <summary>An option that wants a number above zero, and says so.</summary>
internal static class PositiveNumber
{
    public static Option<T> Option<T>(string name, string description, T value) where T : struct, INumber<T> =>
        new(name)
        {
            Description = description,
            DefaultValueFactory = _ => value,
            CustomParser = argument =>
            {
                if (argument.Tokens is [var token] && T.TryParse(token.Value, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && number > T.Zero)
                    return number;
                argument.AddError($"{name} must be a positive number.");
                return default;
            },
        };
}
