using Microsoft.Extensions.Options;

namespace ServiceDefaults.Tokens;

/// <summary>Configuration section <c>Tokens</c>. To rotate: add the new key everywhere, then make it active, then (a token's life later) take the old one away.</summary>
public sealed class TokenOptions
{
    public const string Section = "Tokens";
    public const string DevelopmentKeyId = "dev";

    /// <summary>The well-known key of a service started by hand in Development.</summary>
    public const string DevelopmentKey = "bm90IGEgc2VjcmV0OiBkZXZlbG9wbWVudCBvbmx5ISE=";

    /// <summary>Id of the key that signs.</summary>
    public string ActiveKey { get; set; } = "";

    /// <summary>Keys that verify, by id: base64 of at least 32 bytes each.</summary>
    public Dictionary<string, string> Keys { get; } = new(StringComparer.Ordinal);
}

internal sealed class TokenOptionsValidator : IValidateOptions<TokenOptions>
{
    private const int MinimumBytes = 32;

    public ValidateOptionsResult Validate(string? name, TokenOptions options)
    {
        if (options.ActiveKey is "")
            return ValidateOptionsResult.Fail("Tokens:ActiveKey is missing: it names the key that signs, one of Tokens:Keys.");
        if (!options.Keys.ContainsKey(options.ActiveKey))
            return ValidateOptionsResult.Fail($"Tokens:Keys:{options.ActiveKey} is missing, and Tokens:ActiveKey names it.");
        foreach (var (id, key) in options.Keys)
        {
            if (!id.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_'))
                return ValidateOptionsResult.Fail($"Tokens:Keys:{id}: a key's id is made of letters, digits, '-' and '_'.");
            var bytes = new byte[key.Length];
            if (!Convert.TryFromBase64String(key, bytes, out var length) || length < MinimumBytes)
                return ValidateOptionsResult.Fail($"Tokens:Keys:{id} must be base64 of at least {MinimumBytes} bytes.");
        }
        return ValidateOptionsResult.Success;
    }
}
