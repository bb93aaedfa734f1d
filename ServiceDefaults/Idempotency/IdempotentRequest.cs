using System.Security.Cryptography;
using ServiceDefaults.Authentication;

namespace ServiceDefaults.Idempotency;

/// <summary>What an Idempotency-Key stands for: a user, a route, and the body as the handler understood it.</summary>
public sealed record IdempotentRequest(long UserId, string Route, string Key, byte[] Fingerprint)
{
    /// <param name="body">A canonical form of the body, so that white space and the order of members do not matter.</param>
    public static IdempotentRequest Create(SignedInUser user, string route, IdempotencyKey key, ReadOnlySpan<byte> body)
        => new(user.Id, route, key.Value, SHA256.HashData(body));
}

/// <summary>What is known of an earlier request with the same key.</summary>
/// <param name="SameRequest">Whether its body was the same.</param>
/// <param name="InFlight">Whether it has no answer yet.</param>
public sealed record StoredAnswer(int Status, string Body, bool SameRequest, bool InFlight);
