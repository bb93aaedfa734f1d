using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.Options;

namespace ServiceDefaults.Tokens;

/// <summary>Issues and verifies the system's signed tokens: compact JWTs (HMAC-SHA256) that any service checks without a call.</summary>
public sealed class TokenSigner(IOptions<TokenOptions> options, TimeProvider time)
{
    private readonly KeyRing<UserToken> _users = new(options.Value);
    private readonly KeyRing<QueueToken> _places = new(options.Value);
    private readonly KeyRing<Pass> _passes = new(options.Value);
    private readonly KeyRing<HoldToken> _holds = new(options.Value);

    public string Sign(in UserToken token) => _users.Sign(token);

    public string Sign(in QueueToken token) => _places.Sign(token);

    public string Sign(in Pass token) => _passes.Sign(token);

    public string Sign(in HoldToken token) => _holds.Sign(token);

    /// <summary>False when forged, damaged, of another kind, or expired.</summary>
    public bool TryVerify([NotNullWhen(true)] string? token, out UserToken verified)
        => _users.TryVerify(token, out verified) && verified.ExpiresAt > time.GetUtcNow();

    /// <summary>False when forged, damaged, or of another kind; the caller judges its age.</summary>
    public bool TryVerify([NotNullWhen(true)] string? token, out QueueToken verified) => _places.TryVerify(token, out verified);

    /// <summary>False when forged, damaged, of another kind, or expired.</summary>
    public bool TryVerify([NotNullWhen(true)] string? token, out Pass verified)
        => _passes.TryVerify(token, out verified) && verified.ExpiresAt > time.GetUtcNow();

    /// <summary>False when forged, damaged, or of another kind; the caller judges whether the hold still stands.</summary>
    public bool TryVerify([NotNullWhen(true)] string? token, out HoldToken verified) => _holds.TryVerify(token, out verified);
}
