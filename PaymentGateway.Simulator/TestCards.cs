namespace PaymentGatewaySimulator;

/// <summary>Card numbers with a fixed fate; every other number is approved. All of them pass the Luhn check.</summary>
public static class TestCards
{
    public const string Approved = "4242424242424242";
    public const string Declined = "4000000000000002";
    public const string InsufficientFunds = "4000000000009995";
    public const string Lost = "4000000000009987";
    public const string Expired = "4000000000000069";

    public static string? DeclineReason(string number) => number switch
    {
        Declined => "declined",
        InsufficientFunds => "insufficient-funds",
        Lost => "lost-card",
        Expired => "expired-card",
        _ => null,
    };
}
