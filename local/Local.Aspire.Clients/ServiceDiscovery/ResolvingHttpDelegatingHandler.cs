namespace Microsoft.Extensions.ServiceDiscovery;

/// <summary>Sends a request for a logical name to an endpoint of that service.</summary>
internal sealed class ResolvingHttpDelegatingHandler(ConfiguredEndpoints endpoints) : DelegatingHandler
{
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var logical = request.RequestUri;
        if (logical is not null)
            request.RequestUri = endpoints.Resolve(logical);
        try
        {
            return await base.SendAsync(request, cancellationToken);
        }
        finally
        {
            // A retry of the same message may then go to another endpoint.
            request.RequestUri = logical;
        }
    }
}
