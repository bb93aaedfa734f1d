using System.Globalization;

namespace PaymentService.Domain;

/// <summary>A card that could exist. It lives as long as its request: only the last four digits are kept, and it prints nothing else.</summary>
public sealed record Card
{
    private const int LongestHolder = 100;

    private Card(string number, string expiry, string? holder) => (Number, Expiry, Holder) = (number, expiry, holder);

    public string Number { get; }

    public string Expiry { get; }

    public string? Holder { get; }

    public string LastFour => Number[^4..];

    public override string ToString() => $"card …{LastFour}";

    /// <summary>The card, or the field at fault and what is wrong with it.</summary>
    public static (Card? Card, string Field, string Mistake) Parse(string number, string expiry, string? holder, DateTimeOffset now)
    {
        if (number.Length is < 12 or > 19 || !number.All(char.IsAsciiDigit) || !HasValidCheckDigit(number))
            return (null, "card.number", "Must be the 12 to 19 digits of a card.");
        if (LastDay(expiry) is not { } lastDay)
            return (null, "card.expiry", "Must be MM/YY.");
        // A card is good through its last month wherever its holder lives: no time zone is more than 14 hours off.
        if (lastDay.AddHours(14) < now)
            return (null, "card.expiry", "The card has expired.");
        if (holder is { Length: > LongestHolder })
            return (null, "card.holder", $"Must be at most {LongestHolder} characters.");
        return (new Card(number, expiry, holder), "", "");
    }

    /// <summary>Luhn's formula, ISO/IEC 7812-1 annex B.</summary>
    private static bool HasValidCheckDigit(string number)
    {
        var sum = 0;
        for (var i = 0; i < number.Length; i++)
        {
            var digit = number[^(i + 1)] - '0';
            var doubled = i % 2 == 0 ? digit : digit * 2;
            sum += doubled > 9 ? doubled - 9 : doubled;
        }
        return sum % 10 == 0;
    }

    private static DateTimeOffset? LastDay(string expiry)
        => DateTimeOffset.TryParseExact(expiry, "MM/yy", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var first) ? first.AddMonths(1) : null;
}
