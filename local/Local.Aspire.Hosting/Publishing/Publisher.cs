using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Local.Publishing.Compose;
using Local.Publishing.Kubernetes;
using Local.Publishing.Manifest;
using Local.Publishing.Model;
using Microsoft.Extensions.Configuration;

namespace Local.Publishing;

/// <summary>Writes a deployment of the application instead of running it.</summary>
internal sealed class Publisher(string[] args, IConfiguration configuration, string appHostDirectory, IReadOnlyList<IResource> resources, DistributedApplicationExecutionContext executionContext)
{
    private const int Success = 0;
    private const int Failure = 1;
    private const int UsageError = 2;

    internal async Task<int> RunAsync()
    {
        try
        {
            var arguments = PublishArguments.Read(args, configuration);
            var folder = await GenerateAsync(arguments);
            folder.WriteTo(arguments.Folder, arguments.Force);
            Console.WriteLine($"Wrote {folder.Files.Count} files for {arguments.Target} to {arguments.Folder}");
            if (arguments.Target == PublishArguments.Compose && !Directory.Exists(Path.Combine(arguments.Folder, ComposeObservers.DefaultMonitoring)))
                Console.WriteLine($"The monitoring configuration is not beside it: set MONITORING in {Path.Combine(arguments.Folder, ".env")}");
            return Success;
        }
        catch (PublishUsageException e)
        {
            await Console.Error.WriteLineAsync(e.Message);
            return UsageError;
        }
        catch (Exception e) when (e is DistributedApplicationException or IOException or UnauthorizedAccessException)
        {
            await Console.Error.WriteLineAsync(e.Message);
            return Failure;
        }
    }

    private async Task<OutputFolder> GenerateAsync(PublishArguments arguments)
    {
        var settings = PublishSettings.From(configuration);
        var workloads = await new ApplicationReader(resources, executionContext, settings).ReadAsync();
        var monitoring = new MonitoringFolder(Path.GetFullPath(settings.Monitoring, appHostDirectory));
        var folder = new OutputFolder();
        switch (arguments.Target)
        {
            case PublishArguments.Compose:
                Environment<Aspire.Hosting.Docker.DockerComposeEnvironmentResource>(arguments.Target);
                new ComposeTarget(workloads, settings).WriteTo(folder);
                break;
            case PublishArguments.Kubernetes:
                Environment<Aspire.Hosting.Kubernetes.KubernetesEnvironmentResource>(arguments.Target);
                new KubernetesTarget(workloads, resources, settings, monitoring).WriteTo(folder);
                break;
            default:
                new ManifestTarget(resources, workloads, arguments).WriteTo(folder);
                break;
        }
        return folder;
    }

    // As Aspire does: a target is published when the model names its environment.
    private void Environment<T>(string target) where T : IResource
    {
        if (!resources.OfType<T>().Any())
            throw new DistributedApplicationException($"The application model has no environment of type {typeof(T).Name}, so there is nothing to publish for {target}.");
    }
}
