using ServiceDefaults.Problems;

namespace PaymentService;

/// <summary>The problems of payments, each said in one place.</summary>
internal static class PaymentProblems
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(2);

    public static ProblemResult InsufficientPoints => Problem.Of(
        StatusCodes.Status402PaymentRequired, "insufficient-points", "The wallet holds less than this costs. Charge it, then pay with a new Idempotency-Key.");

    public static ProblemResult HoldExpired => Problem.Of(StatusCodes.Status410Gone, "hold-expired", "The seats are no longer held for you.");

    public static ProblemResult AlreadyPaid => Problem.Of(StatusCodes.Status409Conflict, "already-paid", "This reservation is paid.");

    public static ProblemResult PaymentPending => Problem.Of(
        StatusCodes.Status409Conflict, "payment-pending", "Another payment of this reservation is not settled yet.", Soon);

    public static ProblemResult WalletFull => Problem.Of(StatusCodes.Status409Conflict, "wallet-full", "The wallet cannot hold that much.");

    /// <summary>Nothing was charged, and no gateway could: the same key may be tried again.</summary>
    public static ProblemResult GatewaysUnavailable => Problem.Of(
        StatusCodes.Status503ServiceUnavailable, "gateways-unavailable", "No card gateway could take the payment. Nothing was charged; try again.", Soon);

    public static ProblemResult CardDeclined(string reason) => Problem.Of(
        StatusCodes.Status402PaymentRequired, "card-declined", $"The card was declined: {reason}. Nothing was charged.");
}
