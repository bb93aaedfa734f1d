using System.Net.Sockets;
using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting;

public static class RedisBuilderExtensions
{
    public static IResourceBuilder<RedisResource> AddRedis(
        this IDistributedApplicationBuilder builder, string name, int? port = null, IResourceBuilder<ParameterResource>? password = null) =>
        builder.AddResource(new RedisResource(name, password?.Resource ?? builder.GeneratedPassword(name)))
            .WithAnnotation(new EndpointAnnotation(ProtocolType.Tcp, uriScheme: "redis", name: "tcp", port: port, targetPort: 6379));

    /// <summary>Here the data always stays (in the state folder, until <c>--reset</c>).</summary>
    public static IResourceBuilder<RedisResource> WithDataVolume(this IResourceBuilder<RedisResource> builder, string? name = null, bool isReadOnly = false) =>
        builder.WithAnnotation(new ContainerMountAnnotation(name, "/data", ContainerMountType.Volume, isReadOnly));
}
