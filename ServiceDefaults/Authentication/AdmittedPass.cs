using Microsoft.AspNetCore.Http;
using ServiceDefaults.Tokens;

namespace ServiceDefaults.Authentication;

/// <summary>The caller's admission. A parameter of endpoints with <c>RequirePass()</c>.</summary>
public sealed record AdmittedPass(Pass Value)
{
    public const string Header = "X-Queue-Pass";

    public long UserId => Value.UserId;

    public long ConcertId => Value.ConcertId;

    public long Ticket => Value.Ticket;

    public static ValueTask<AdmittedPass?> BindAsync(HttpContext context)
        => ValueTask.FromResult(context.Features.Get<AdmittedPass>());
}
