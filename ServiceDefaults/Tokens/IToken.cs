namespace ServiceDefaults.Tokens;

/// <summary>One kind of token: its name in the header, and its claims.</summary>
internal interface IToken<TSelf> where TSelf : struct, IToken<TSelf>
{
    static abstract string Type { get; }

    static abstract Claim Required { get; }

    bool TryWrite(Span<byte> json, out int written);

    static abstract TSelf From(in Claims claims);
}
