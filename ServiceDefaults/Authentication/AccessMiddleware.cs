using Microsoft.AspNetCore.Http;
using ServiceDefaults.Problems;
using ServiceDefaults.Tokens;

namespace ServiceDefaults.Authentication;

/// <summary>Checks an endpoint's <see cref="AccessRequirement"/>. It verifies a signature and calls nobody.</summary>
internal sealed class AccessMiddleware(RequestDelegate next, TokenSigner tokens)
{
    private const string Scheme = "Bearer ";

    public Task InvokeAsync(HttpContext context)
        => context.GetEndpoint()?.Metadata.GetMetadata<AccessRequirement>() is { Access: var access } && Refuse(context, access) is { } refusal
            ? refusal.ExecuteAsync(context)
            : next(context);

    private ProblemResult? Refuse(HttpContext context, Access access)
    {
        SignedInUser? user = null;
        var authorization = context.Request.Headers.Authorization;
        // Where the pass alone lets in, who also says who they are must say it rightly.
        if (authorization.Count > 0 || access.HasFlag(Access.User))
        {
            user = Identify(authorization.ToString());
            if (user is null)
                return Problem.Unauthorized("Send a valid user token: Authorization: Bearer <token>.");
            if (access.HasFlag(Access.Admin) && !user.IsAdmin)
                return Problem.Forbidden("Only administrators may do this.");
            context.Features.Set(user);
        }
        return access.HasFlag(Access.Pass) ? Admit(context, user) : null;
    }

    private SignedInUser? Identify(string authorization)
        => authorization.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase)
            && tokens.TryVerify(authorization[Scheme.Length..].Trim(), out UserToken token)
            ? new SignedInUser(token.UserId, token.IsAdmin)
            : null;

    private ProblemResult? Admit(HttpContext context, SignedInUser? user)
    {
        if (!tokens.TryVerify(context.Request.Headers[AdmittedPass.Header].ToString(), out Pass pass))
            return Problem.NotAdmitted($"Send a valid pass, from the line of this concert, in {AdmittedPass.Header}.");
        if (user is not null && pass.UserId != user.Id)
            return Problem.NotAdmitted("This pass was given to another user.");
        context.Features.Set(new AdmittedPass(pass));
        return null;
    }
}
