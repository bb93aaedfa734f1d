using Microsoft.AspNetCore.Http;
using ServiceDefaults.Problems;

namespace ServiceDefaults.Idempotency;

/// <summary>The caller's name for one intent: repeated, it has its effect once. Nullable as a parameter where it is optional.</summary>
public sealed record IdempotencyKey(string Value)
{
    public const string Header = "Idempotency-Key";
    private const int MaxLength = 255;

    /// <exception cref="InvalidRequestException">The header is there, but malformed.</exception>
    public static ValueTask<IdempotencyKey?> BindAsync(HttpContext context) => ValueTask.FromResult(Read(context.Request));

    internal static IdempotencyKey? Read(HttpRequest request)
    {
        if (!request.Headers.TryGetValue(Header, out var values))
            return null;
        if (values is [{ Length: > 0 and <= MaxLength } key] && key.All(c => c is > ' ' and <= '~'))
            return new IdempotencyKey(key);
        throw new InvalidRequestException(Header, $"Send one key of 1 to {MaxLength} visible ASCII characters.");
    }
}
