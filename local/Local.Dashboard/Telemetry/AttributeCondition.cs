using System.Globalization;

namespace Local.Dashboard.Telemetry;

internal enum Comparison
{
    Exists,
    Equal,
    NotEqual,
    Contains,
    NotContains,
    Greater,
    GreaterOrEqual,
    Less,
    LessOrEqual,
}

/// <summary>A condition on an attribute, written as people write it: <c>http.route ~ seats</c>, <c>http.response.status_code >= 500</c>.</summary>
internal sealed record AttributeCondition(string Key, Comparison Comparison, string Value)
{
    // The longer before its beginning.
    private static readonly (string Sign, Comparison Comparison)[] Signs =
    [
        ("!=", Comparison.NotEqual), ("!~", Comparison.NotContains), (">=", Comparison.GreaterOrEqual), ("<=", Comparison.LessOrEqual),
        ("==", Comparison.Equal), ("=", Comparison.Equal), ("~", Comparison.Contains), (">", Comparison.Greater), ("<", Comparison.Less),
    ];

    /// <summary>Conditions with commas between them. One without a sign asks only whether the attribute is there.</summary>
    internal static IReadOnlyList<AttributeCondition> ParseAll(string? text) =>
        (text ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Select(Parse).ToList();

    internal bool Holds(Attributes attributes) => Holds(attributes[Key]);

    internal bool Holds(string? actual) => Comparison switch
    {
        Comparison.Exists => actual is not null,
        Comparison.NotEqual => !Same(actual),
        Comparison.NotContains => actual?.Contains(Value, StringComparison.OrdinalIgnoreCase) is not true,
        _ when actual is null => false,
        Comparison.Equal => Same(actual),
        Comparison.Contains => actual.Contains(Value, StringComparison.OrdinalIgnoreCase),
        Comparison.Greater => Order(actual) > 0,
        Comparison.GreaterOrEqual => Order(actual) >= 0,
        Comparison.Less => Order(actual) < 0,
        Comparison.LessOrEqual => Order(actual) <= 0,
        _ => throw new InvalidOperationException($"No meaning of {Comparison}."),
    };

    private bool Same(string? actual) => string.Equals(actual, Value, StringComparison.OrdinalIgnoreCase);

    // As numbers where both are.
    private int Order(string actual) =>
        double.TryParse(actual, CultureInfo.InvariantCulture, out var left) && double.TryParse(Value, CultureInfo.InvariantCulture, out var right)
            ? left.CompareTo(right)
            : string.Compare(actual, Value, StringComparison.OrdinalIgnoreCase);

    private static AttributeCondition Parse(string text)
    {
        var first = text.AsSpan().IndexOfAny("!=<>~");
        if (first <= 0)
            return new(text, Comparison.Exists, "");
        foreach (var (sign, comparison) in Signs)
        {
            if (text.AsSpan(first).StartsWith(sign))
                return new(text[..first].Trim(), comparison, text[(first + sign.Length)..].Trim());
        }
        return new(text, Comparison.Exists, "");
    }
}
