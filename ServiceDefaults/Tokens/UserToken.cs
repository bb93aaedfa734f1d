using System.Text.Unicode;

namespace ServiceDefaults.Tokens;

/// <summary>Says who somebody is.</summary>
public readonly record struct UserToken(long UserId, bool IsAdmin, DateTimeOffset ExpiresAt) : IToken<UserToken>
{
    static string IToken<UserToken>.Type => "user+jwt";

    bool IToken<UserToken>.TryWrite(Span<byte> json, out int written)
        => Utf8.TryWrite(json, $$"""{"sub":{{UserId}},"adm":{{(IsAdmin ? 1 : 0)}},"exp":{{NumericDate.Of(ExpiresAt)}}}""", out written);

    static UserToken IToken<UserToken>.From(in Claims claims) => new(claims.Subject, claims.Admin == 1, claims.ExpiresAt);

    static Claim IToken<UserToken>.Required => Claim.Subject | Claim.Admin | Claim.ExpiresAt;
}
