using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Docker;
using Aspire.Hosting.Kubernetes;

namespace Aspire.Hosting.Docker
{
    /// <summary>Docker Compose as the place where the application runs.</summary>
    public class DockerComposeEnvironmentResource(string name) : Resource(name);
}

namespace Aspire.Hosting.Kubernetes
{
    /// <summary>A Kubernetes cluster as the place where the application runs.</summary>
    public class KubernetesEnvironmentResource(string name) : Resource(name);
}

namespace Aspire.Hosting
{
    public static class DockerComposeEnvironmentExtensions
    {
        public static IResourceBuilder<DockerComposeEnvironmentResource> AddDockerComposeEnvironment(this IDistributedApplicationBuilder builder, string name) =>
            ComputeEnvironments.Add(builder, new DockerComposeEnvironmentResource(name));
    }

    public static class KubernetesEnvironmentExtensions
    {
        public static IResourceBuilder<KubernetesEnvironmentResource> AddKubernetesEnvironment(this IDistributedApplicationBuilder builder, string name) =>
            ComputeEnvironments.Add(builder, new KubernetesEnvironmentResource(name));
    }

    internal static class ComputeEnvironments
    {
        // No part of a running application.
        internal static IResourceBuilder<T> Add<T>(IDistributedApplicationBuilder builder, T environment) where T : IResource =>
            builder.ExecutionContext.IsRunMode ? builder.CreateResourceBuilder(environment) : builder.AddResource(environment);
    }
}
