using System.Text.Unicode;

namespace ServiceDefaults.Tokens;

/// <summary>Receipt of a hold: what is to be paid, by whom and until when.</summary>
public readonly record struct HoldToken(Guid ReservationId, long UserId, long Amount, DateTimeOffset HeldUntil) : IToken<HoldToken>
{
    static string IToken<HoldToken>.Type => "hold+jwt";

    bool IToken<HoldToken>.TryWrite(Span<byte> json, out int written)
        => Utf8.TryWrite(
            json,
            $$"""{"rid":"{{ReservationId}}","sub":{{UserId}},"amt":{{Amount}},"exp":{{NumericDate.Of(HeldUntil)}}}""",
            out written);

    static HoldToken IToken<HoldToken>.From(in Claims claims) => new(claims.Reservation, claims.Subject, claims.Amount, claims.ExpiresAt);

    static Claim IToken<HoldToken>.Required => Claim.Reservation | Claim.Subject | Claim.Amount | Claim.ExpiresAt;
}
