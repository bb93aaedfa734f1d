using System.Net.Sockets;

namespace Aspire.Hosting.ApplicationModel;

public sealed class EndpointAnnotation(ProtocolType protocol, string? uriScheme = null, string? name = null, int? port = null, int? targetPort = null, bool? isExternal = null)
    : IResourceAnnotation
{
    public ProtocolType Protocol { get; } = protocol;

    public string UriScheme { get; } = uriScheme ?? "tcp";

    public string Name { get; } = name ?? uriScheme ?? "tcp";

    /// <summary>Where others reach the resource; null takes a free one.</summary>
    public int? Port { get; set; } = port;

    /// <summary>Where the process listens.</summary>
    public int? TargetPort { get; set; } = targetPort;

    public bool IsExternal { get; set; } = isExternal ?? false;

    /// <summary>The variable that carries the target port to the process.</summary>
    public string? EnvironmentVariable { get; set; }

    /// <summary>Known once the engine has given out the ports.</summary>
    public AllocatedEndpoint? AllocatedEndpoint { get; set; }
}

public sealed class AllocatedEndpoint(EndpointAnnotation endpoint, string address, int port)
{
    public string Address { get; } = address;

    public int Port { get; } = port;

    public string UriString => $"{endpoint.UriScheme}://{Address}:{Port}";
}
