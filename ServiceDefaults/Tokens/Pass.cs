using System.Text.Unicode;

namespace ServiceDefaults.Tokens;

/// <summary>Says that this user is admitted to this concert, on this ticket.</summary>
public readonly record struct Pass(long UserId, long ConcertId, long Ticket, DateTimeOffset ExpiresAt) : IToken<Pass>
{
    static string IToken<Pass>.Type => "pass+jwt";

    bool IToken<Pass>.TryWrite(Span<byte> json, out int written)
        => Utf8.TryWrite(
            json, $$"""{"sub":{{UserId}},"con":{{ConcertId}},"tic":{{Ticket}},"exp":{{NumericDate.Of(ExpiresAt)}}}""", out written);

    static Pass IToken<Pass>.From(in Claims claims) => new(claims.Subject, claims.Concert, claims.Ticket, claims.ExpiresAt);

    static Claim IToken<Pass>.Required => Claim.Subject | Claim.Concert | Claim.Ticket | Claim.ExpiresAt;
}
