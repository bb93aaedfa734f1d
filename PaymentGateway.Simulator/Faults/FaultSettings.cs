namespace PaymentGatewaySimulator.Faults;

/// <summary>How the gateway misbehaves. Rates are shares of the calls, from 0 to 1.</summary>
/// <param name="LatencyMs">Every call takes this long before it has any effect.</param>
/// <param name="JitterMs">And up to this much longer.</param>
/// <param name="ErrorRate">Calls that fail with 500, without effect.</param>
/// <param name="HangRate">Calls that are never answered; a coin decides whether they had their effect.</param>
/// <param name="DropAfterApprovalRate">Approvals that take the money, and then lose the connection.</param>
/// <param name="Down">Every call is refused with 503: nothing was done.</param>
public sealed record FaultSettings(
    int LatencyMs = 0, int JitterMs = 0, double ErrorRate = 0, double HangRate = 0, double DropAfterApprovalRate = 0, bool Down = false)
{
    private const int LongestMs = 600_000;

    /// <summary>The field at fault, if any.</summary>
    public string? FindMistake() => this switch
    {
        { LatencyMs: < 0 or > LongestMs } => nameof(LatencyMs),
        { JitterMs: < 0 or > LongestMs } => nameof(JitterMs),
        { ErrorRate: not (>= 0 and <= 1) } => nameof(ErrorRate),
        { HangRate: not (>= 0 and <= 1) } => nameof(HangRate),
        { DropAfterApprovalRate: not (>= 0 and <= 1) } => nameof(DropAfterApprovalRate),
        _ => null,
    };
}
