using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;

namespace Local.Publishing;

/// <summary>Says a value of the model in a target's own words.</summary>
internal abstract class Expressions
{
    internal string Render(object value) => value switch
    {
        string text => Literal(text),
        ParameterResource parameter => Parameter(parameter),
        ReferenceExpression expression => string.Concat(expression.Parts.Select(Render)),
        IResourceWithConnectionString resource => Render(resource.ConnectionStringExpression),
        EndpointReference endpoint => Endpoint(endpoint, EndpointProperty.Url),
        EndpointReferenceExpression property => Endpoint(property.Endpoint, property.Property),
        _ => throw new DistributedApplicationException($"A value of type {value.GetType()} cannot be published."),
    };

    protected abstract string Parameter(ParameterResource parameter);

    protected virtual string Literal(string text) => text;

    /// <summary>In a network of containers a resource is reached by its name, on the port that it listens on.</summary>
    protected virtual string Endpoint(EndpointReference endpoint, EndpointProperty property)
    {
        var port = Ports.TargetOf(endpoint.Annotation);
        return property switch
        {
            EndpointProperty.Url => $"{endpoint.Scheme}://{endpoint.Resource.Name}:{port}",
            EndpointProperty.Host => endpoint.Resource.Name,
            EndpointProperty.Port or EndpointProperty.TargetPort => $"{port}",
            EndpointProperty.Scheme => endpoint.Scheme,
            EndpointProperty.HostAndPort => $"{endpoint.Resource.Name}:{port}",
            _ => throw new DistributedApplicationException($"The endpoint property {property} cannot be published."),
        };
    }

    private string Render(ReferenceExpression.Part part) =>
        part.Format == "uri" && part.Value is ParameterResource
            ? throw new DistributedApplicationException("A parameter cannot be URI-encoded at deployment: pass it whole, or leave connection properties out (WithReferenceEnvironment).")
            : Render((object?)part.Literal ?? part.Value!);
}

/// <summary>What a value is made of.</summary>
internal static class ExpressionParts
{
    internal static IEnumerable<ParameterResource> ParametersIn(object value) => Leaves(value).OfType<ParameterResource>();

    internal static IEnumerable<IResource> EndpointOwnersIn(object value) =>
        Leaves(value).OfType<EndpointReference>().Select(e => (IResource)e.Resource);

    internal static bool IsSecret(object value) => ParametersIn(value).Any(p => p.Secret);

    private static IEnumerable<object> Leaves(object value) => value switch
    {
        ReferenceExpression expression => expression.Parts.SelectMany(p => Leaves((object?)p.Literal ?? p.Value!)),
        IResourceWithConnectionString resource => Leaves(resource.ConnectionStringExpression),
        EndpointReferenceExpression property => [property.Endpoint],
        _ => [value],
    };
}

internal static class Ports
{
    // What Microsoft's images listen on.
    internal const int DefaultHttp = 8080;

    internal static int TargetOf(EndpointAnnotation endpoint) =>
        endpoint.TargetPort ?? (endpoint.UriScheme is "http" or "https" ? DefaultHttp : endpoint.Port)
        ?? throw new DistributedApplicationException($"Endpoint '{endpoint.Name}' has no port to publish.");
}
