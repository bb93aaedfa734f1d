using System.Security.Cryptography;
using System.Text;
using Local.Dashboard.Otlp;
using Microsoft.AspNetCore.Http;

namespace Local.Dashboard.Login;

/// <summary>
/// Nothing on the pages' port is served to who has not shown the token, except the sign-in page and what it looks like.
/// The ports of the telemetry take telemetry and nothing else, and where there is a key for it, only with the key.
/// </summary>
internal sealed class TokenGate(RequestDelegate next, DashboardOptions options)
{
    private const string ApiKeyHeader = "x-otlp-api-key";
    private static readonly TimeSpan RememberedFor = TimeSpan.FromDays(3);

    // Cookies do not know ports: two dashboards on one machine must not sign each other out.
    private readonly string _cookie = $"dashboard-{options.Port}";

    // Not the token itself: the browser sends its cookies to every program that listens on this machine.
    private readonly byte[] _session = Encoding.ASCII.GetBytes(
        Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(options.BrowserToken), "dashboard session"u8)));

    public Task InvokeAsync(HttpContext context)
    {
        var path = context.Request.Path;
        var port = context.Connection.LocalPort;
        if (port == options.OtlpPort)
            return TakeTelemetry(context, path.StartsWithSegments("/v1", StringComparison.Ordinal));
        if (port == options.OtlpGrpcPort)
            return TakeTelemetry(context, path.Value!.StartsWith(OtlpGrpc.Services, StringComparison.Ordinal));
        Protect(context.Response.Headers);
        if (path == "/login" && context.Request.Query["t"] is [{ } token])
            return SignIn(context, token);
        if (path == "/login" || path.StartsWithSegments("/assets", StringComparison.Ordinal))
            return next(context);
        if (!IsSignedIn(context))
            return SendToLogin(context);
        return IsForeign(context.Request) ? Refuse(context, StatusCodes.Status403Forbidden) : next(context);
    }

    private Task TakeTelemetry(HttpContext context, bool isTelemetry)
    {
        if (!isTelemetry)
            return Refuse(context, StatusCodes.Status404NotFound);
        var isAllowed = options.OtlpApiKey is not { } key || context.Request.Headers[ApiKeyHeader] is [{ } shown] && IsSame(shown, key);
        return isAllowed ? next(context) : Refuse(context, StatusCodes.Status401Unauthorized);
    }

    private Task SignIn(HttpContext context, string token)
    {
        if (!IsSame(token, options.BrowserToken))
        {
            context.Response.Redirect("/login?wrong=true");
            return Task.CompletedTask;
        }
        context.Response.Cookies.Append(_cookie, Encoding.ASCII.GetString(_session), new CookieOptions
        {
            HttpOnly = true,
            SameSite = SameSiteMode.Strict,
            MaxAge = RememberedFor,
            Path = "/",
        });
        // A page of our own, never somebody else's: "//elsewhere" and "/\elsewhere" leave this host.
        var target = context.Request.Query["returnUrl"].ToString();
        context.Response.Redirect(target.StartsWith('/') && target is not ['/', '/' or '\\', ..] ? target : "/");
        return Task.CompletedTask;
    }

    private static bool IsSame(string shown, string expected) => CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(shown), Encoding.UTF8.GetBytes(expected));

    private bool IsSignedIn(HttpContext context) =>
        context.Request.Cookies[_cookie] is { } cookie && CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(cookie), _session);

    private static Task SendToLogin(HttpContext context)
    {
        var request = context.Request;
        if (!HttpMethods.IsGet(request.Method) || !request.Headers.Accept.ToString().Contains("text/html", StringComparison.Ordinal))
            return Refuse(context, StatusCodes.Status401Unauthorized);
        context.Response.Redirect("/login?returnUrl=" + Uri.EscapeDataString(request.Path + request.QueryString.ToUriComponent()));
        return Task.CompletedTask;
    }

    /// <summary>Other ports of this machine are the same site to a browser, so SameSite does not keep their pages from posting here.</summary>
    private static bool IsForeign(HttpRequest request) =>
        !HttpMethods.IsGet(request.Method) && request.Headers.Origin is [{ } origin]
        && !string.Equals(origin, $"{request.Scheme}://{request.Host}", StringComparison.OrdinalIgnoreCase);

    private static Task Refuse(HttpContext context, int status)
    {
        context.Response.StatusCode = status;
        return Task.CompletedTask;
    }

    private static void Protect(IHeaderDictionary headers)
    {
        headers.ContentSecurityPolicy = "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; frame-ancestors 'none'; form-action 'self'; base-uri 'none'";
        headers.XContentTypeOptions = "nosniff";
        headers["Referrer-Policy"] = "no-referrer";
    }
}
