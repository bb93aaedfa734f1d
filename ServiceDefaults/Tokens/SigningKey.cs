using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace ServiceDefaults.Tokens;

/// <summary>One key for one kind of token: derived, so that a signature of one kind means nothing for another.</summary>
internal sealed class SigningKey
{
    /// <summary>Characters of a base64url-encoded SHA-256.</summary>
    public const int SignatureLength = 43;

    private readonly byte[] _key;

    public SigningKey(string id, byte[] secret, string type)
    {
        _key = HKDF.DeriveKey(HashAlgorithmName.SHA256, secret, HMACSHA256.HashSizeInBytes, info: Encoding.UTF8.GetBytes($"concert/{type}"));
        var header = Encoding.UTF8.GetBytes($$"""{"alg":"HS256","typ":"{{type}}","kid":"{{id}}"}""");
        Header = [.. Encoding.ASCII.GetBytes(Base64Url.EncodeToString(header)), (byte)'.'];
    }

    /// <summary>The encoded header with its dot. It is compared, never parsed: there is no algorithm to choose for a forger.</summary>
    public byte[] Header { get; }

    public void Sign(ReadOnlySpan<byte> signed, Span<byte> signature)
    {
        Span<byte> mac = stackalloc byte[HMACSHA256.HashSizeInBytes];
        HMACSHA256.HashData(_key, signed, mac);
        Base64Url.EncodeToUtf8(mac, signature);
    }

    // The encoded texts are compared: decoding would let the unused bits of the last character differ.
    public bool Verify(ReadOnlySpan<byte> signed, ReadOnlySpan<byte> signature)
    {
        Span<byte> expected = stackalloc byte[SignatureLength];
        Sign(signed, expected);
        return CryptographicOperations.FixedTimeEquals(expected, signature);
    }
}
