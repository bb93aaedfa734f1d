namespace PaymentService.Domain;

/// <summary>The bounds of money. Amounts are whole won.</summary>
public static class Won
{
    public const string Currency = "KRW";

    /// <summary>What one charge may add.</summary>
    public const long LargestCharge = 10_000_000;

    /// <summary>What a wallet may be charged up to: far below where 64 bits, or the doubles of a browser, would end.</summary>
    public const long FullWallet = 1_000_000_000_000_000;
}
