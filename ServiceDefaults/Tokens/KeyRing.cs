using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace ServiceDefaults.Tokens;

/// <summary>Signs and verifies tokens of one kind: with the active key, and with every key that is still accepted.</summary>
internal sealed class KeyRing<T> where T : struct, IToken<T>
{
    private const int MaxPayload = 384;
    private const int MaxToken = 1024;

    private readonly SigningKey _active;
    private readonly SigningKey[] _accepted;

    public KeyRing(TokenOptions options)
    {
        var keys = options.Keys.ToDictionary(k => k.Key, k => new SigningKey(k.Key, Convert.FromBase64String(k.Value), T.Type));
        _active = keys[options.ActiveKey];
        _accepted = [_active, .. keys.Values.Where(k => k != _active)];
    }

    public string Sign(in T token)
    {
        Span<byte> payload = stackalloc byte[MaxPayload];
        if (!token.TryWrite(payload, out var length))
            throw new ArgumentException($"This token's claims take more than {MaxPayload} bytes.", nameof(token));

        Span<byte> text = stackalloc byte[MaxToken];
        _active.Header.CopyTo(text);
        var signed = _active.Header.Length + Base64Url.EncodeToUtf8(payload[..length], text[_active.Header.Length..]);
        text[signed] = (byte)'.';
        _active.Sign(text[..signed], text.Slice(signed + 1, SigningKey.SignatureLength));
        return Encoding.ASCII.GetString(text[..(signed + 1 + SigningKey.SignatureLength)]);
    }

    public bool TryVerify([NotNullWhen(true)] string? token, out T verified)
    {
        verified = default;
        if (token is null || token.Length is <= SigningKey.SignatureLength or > MaxToken)
            return false;

        Span<byte> text = stackalloc byte[MaxToken];
        if (!Ascii.IsValid(token))
            return false;
        text = text[..Encoding.ASCII.GetBytes(token, text)];

        var signedLength = text.Length - SigningKey.SignatureLength - 1;
        foreach (var key in _accepted)
        {
            if (signedLength <= key.Header.Length || text[signedLength] != '.' || !text.StartsWith(key.Header))
                continue;
            return key.Verify(text[..signedLength], text[(signedLength + 1)..])
                && TryRead(text[key.Header.Length..signedLength], out verified);
        }
        return false;
    }

    private static bool TryRead(ReadOnlySpan<byte> encoded, out T token)
    {
        token = default;
        Span<byte> payload = stackalloc byte[MaxToken];
        if (!Base64Url.TryDecodeFromUtf8(encoded, payload, out var length)
            || !Claims.TryRead(payload[..length], out var claims)
            || (claims.Present & T.Required) != T.Required)
            return false;
        token = T.From(claims);
        return true;
    }
}
