using Microsoft.AspNetCore.Http;

namespace ServiceDefaults.Authentication;

/// <summary>Who calls. A parameter of endpoints with <c>RequireUser()</c> or <c>RequireAdmin()</c>.</summary>
public sealed record SignedInUser(long Id, bool IsAdmin)
{
    public static ValueTask<SignedInUser?> BindAsync(HttpContext context)
        => ValueTask.FromResult(context.Features.Get<SignedInUser>());
}
