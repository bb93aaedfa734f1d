using Microsoft.Extensions.Options;
using ServiceDefaults.Tokens;

namespace Testing;

/// <summary>Tokens that a service in Development with no key of its own accepts.</summary>
public static class TestTokens
{
    private static readonly DateTimeOffset FarAway = new(2100, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public static TokenSigner Signer { get; } = new(
        Options.Create(new TokenOptions
        {
            ActiveKey = TokenOptions.DevelopmentKeyId,
            Keys = { [TokenOptions.DevelopmentKeyId] = TokenOptions.DevelopmentKey },
        }),
        TimeProvider.System);

    public static string User(long userId) => Signer.Sign(new UserToken(userId, IsAdmin: false, FarAway));

    public static string Admin(long userId = 1) => Signer.Sign(new UserToken(userId, IsAdmin: true, FarAway));

    public static string Pass(long userId, long concertId, long ticket) => Signer.Sign(new Pass(userId, concertId, ticket, FarAway));

    public static string Hold(Guid reservationId, long userId, long amount, DateTimeOffset? heldUntil = null) =>
        Signer.Sign(new HoldToken(reservationId, userId, amount, heldUntil ?? FarAway));
}
