namespace ReservationService;

/// <summary>The words that the database and the HTTP contract use.</summary>
internal static class Statuses
{
    public const string Held = "held";
    public const string Paying = "paying";
    public const string Confirmed = "confirmed";
    public const string Cancelled = "cancelled";
    public const string Expired = "expired";
}
