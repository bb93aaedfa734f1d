using System.Collections.Concurrent;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Primitives;

namespace Microsoft.Extensions.ServiceDiscovery;

/// <summary>Endpoints from configuration: <c>services:&lt;name&gt;:&lt;scheme&gt;:&lt;n&gt;</c>, as an AppHost's <c>WithReference</c> gives them.</summary>
internal sealed class ConfiguredEndpoints : IDisposable
{
    private readonly IConfiguration _configuration;
    private readonly ConcurrentDictionary<(string Host, string Scheme), Rotation> _known = new();
    private readonly IDisposable _reload;

    public ConfiguredEndpoints(IConfiguration configuration)
    {
        _configuration = configuration;
        _reload = ChangeToken.OnChange(configuration.GetReloadToken, _known.Clear);
    }

    /// <summary>The address to use instead of a logical one; the address itself when its host is no configured service.</summary>
    public Uri Resolve(Uri logical)
    {
        var rotation = _known.GetOrAdd((logical.Host, logical.Scheme), Read);
        if (rotation.Next() is not { } endpoint)
            return logical;

        return new UriBuilder(logical) { Scheme = endpoint.Scheme, Host = endpoint.Host, Port = endpoint.Port }.Uri;
    }

    // "https+http" means: the first of these schemes that has endpoints.
    private Rotation Read((string Host, string Scheme) key)
    {
        var service = _configuration.GetSection("services").GetSection(key.Host);
        foreach (var scheme in key.Scheme.Split('+'))
        {
            Uri[] endpoints = [.. service.GetSection(scheme).GetChildren().Select(c => c.Value).OfType<string>().Select(v => new Uri(v))];
            if (endpoints.Length > 0)
                return new Rotation(endpoints);
        }
        return new Rotation([]);
    }

    public void Dispose() => _reload.Dispose();

    private sealed class Rotation(Uri[] endpoints)
    {
        private uint _next = uint.MaxValue;

        public Uri? Next() => endpoints.Length == 0 ? null : endpoints[Interlocked.Increment(ref _next) % (uint)endpoints.Length];
    }
}
