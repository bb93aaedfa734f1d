using System.Text.Json;
using System.Text.Unicode;

namespace ServiceDefaults.Tokens;

/// <summary>Receipt for a place in the line of a concert; <paramref name="Epoch"/> names the life of the line's store that issued it.</summary>
public readonly record struct QueueToken(long UserId, long ConcertId, long Ticket, string? Epoch, DateTimeOffset IssuedAt) : IToken<QueueToken>
{
    static string IToken<QueueToken>.Type => "queue+jwt";

    bool IToken<QueueToken>.TryWrite(Span<byte> json, out int written)
        => Utf8.TryWrite(
            json,
            $$"""{"sub":{{UserId}},"con":{{ConcertId}},"tic":{{Ticket}},"epo":{{(Epoch is null ? "null" : JsonSerializer.Serialize(Epoch))}},"iat":{{NumericDate.Of(IssuedAt)}}}""",
            out written);

    static QueueToken IToken<QueueToken>.From(in Claims claims) => new(claims.Subject, claims.Concert, claims.Ticket, claims.Epoch, claims.IssuedAt);

    static Claim IToken<QueueToken>.Required => Claim.Subject | Claim.Concert | Claim.Ticket | Claim.IssuedAt;
}
