using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using ServiceDefaults.Problems;

namespace ServiceDefaults.Authentication;

/// <summary>Who may call an endpoint. Checked once, after routing; shown in OpenAPI.</summary>
public static class AccessConventions
{
    /// <summary>401 <c>unauthorized</c> without a valid user token.</summary>
    public static TBuilder RequireUser<TBuilder>(this TBuilder builder) where TBuilder : IEndpointConventionBuilder
        => builder.Require(Access.User).ProducesProblems(StatusCodes.Status401Unauthorized);

    /// <summary>As <c>RequireUser()</c>, and 403 <c>forbidden</c> for those who are no administrator.</summary>
    public static TBuilder RequireAdmin<TBuilder>(this TBuilder builder) where TBuilder : IEndpointConventionBuilder
        => builder.Require(Access.User | Access.Admin).ProducesProblems(StatusCodes.Status401Unauthorized, StatusCodes.Status403Forbidden);

    /// <summary>403 <c>not-admitted</c> without a valid pass, or with that of another than the signed-in user.</summary>
    public static TBuilder RequirePass<TBuilder>(this TBuilder builder) where TBuilder : IEndpointConventionBuilder
        => builder.Require(Access.Pass).ProducesProblems(StatusCodes.Status403Forbidden);

    private static TBuilder Require<TBuilder>(this TBuilder builder, Access access) where TBuilder : IEndpointConventionBuilder
    {
        builder.Add(endpoint =>
        {
            var before = endpoint.Metadata.OfType<AccessRequirement>().SingleOrDefault();
            if (before is not null)
                endpoint.Metadata.Remove(before);
            endpoint.Metadata.Add(new AccessRequirement((before?.Access ?? Access.None) | access));
        });
        return builder;
    }
}
