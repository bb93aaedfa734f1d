namespace LoadTests.Drills;

/// <summary>One request as a customer saw it.</summary>
/// <param name="Answer">The status, or <see cref="None"/> when there was no answer.</param>
/// <param name="Problem">The problem's name, or why there was no answer.</param>
internal sealed record Call(DateTimeOffset At, string Step, string Answer, string Problem, TimeSpan Took, bool Failed)
{
    public const string None = "no answer";

    /// <summary>A card's payment waits for a gateway; one with points does not.</summary>
    public bool ByCard { get; init; }

    public bool IsCrash => Answer == "InternalServerError";
}

/// <summary>How one customer's visit ended.</summary>
/// <param name="Amount">What the seat costs; 0 when it did not come to a hold.</param>
internal sealed record Visit(DateTimeOffset At, TimeSpan Took, VisitEnd End, long Amount);

internal enum VisitEnd
{
    Booked,

    /// <summary>The card's gateway has not said yet: the seat is kept, the money comes later or the customer is asked again.</summary>
    Pending,

    /// <summary>Nothing was wrong, there was only nothing to buy.</summary>
    SoldOut,

    Lost,
}
