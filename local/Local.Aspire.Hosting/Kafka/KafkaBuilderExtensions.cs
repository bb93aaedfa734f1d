using System.Net.Sockets;
using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting;

public static class KafkaBuilderExtensions
{
    public static IResourceBuilder<KafkaServerResource> AddKafka(this IDistributedApplicationBuilder builder, string name, int? port = null) =>
        builder.AddResource(new KafkaServerResource(name))
            .WithAnnotation(new EndpointAnnotation(ProtocolType.Tcp, name: "tcp", port: port, targetPort: 9092));

    /// <summary>Here the data always stays (in the state folder, until <c>--reset</c>).</summary>
    public static IResourceBuilder<KafkaServerResource> WithDataVolume(
        this IResourceBuilder<KafkaServerResource> builder, string? name = null, bool isReadOnly = false) =>
        builder.WithAnnotation(new ContainerMountAnnotation(name, "/var/lib/kafka/data", ContainerMountType.Volume, isReadOnly));
}
