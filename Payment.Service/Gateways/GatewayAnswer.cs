namespace PaymentService.Gateways;

/// <summary>What we know of an approval after talking to a gateway.</summary>
public readonly record struct GatewayAnswer(GatewayOutcome Outcome, string? DeclineReason = null)
{
    public static implicit operator GatewayAnswer(GatewayOutcome outcome) => new(outcome);
}

public enum GatewayOutcome
{
    /// <summary>The default, on purpose: what nobody has said anything about.</summary>
    Unknown,

    /// <summary>The money is taken.</summary>
    Approved,

    /// <summary>The card was refused; no gateway will say otherwise.</summary>
    Declined,

    /// <summary>No money is taken under this key, and never will be.</summary>
    Cancelled,

    /// <summary>The gateway has not heard of this key, so far.</summary>
    NotFound,

    /// <summary>The request surely had no effect: nobody listened, or it was refused unread.</summary>
    NotTaken,
}
