using System.Collections.ObjectModel;
using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Local.Containers;
using Local.Processes;

namespace Local.Engine;

/// <summary>A project's build output, or any executable: one instance of it, on ports of its own.</summary>
internal sealed class ProgramWorkload(IResource resource, InstanceContext instance) : IWorkload
{
    internal static readonly TimeSpan ProbePatience = TimeSpan.FromSeconds(2);

    private static readonly HttpClient Http = new() { Timeout = ProbePatience };

    // A job has nothing that anybody could connect to.
    public bool RunsForever { get; } = resource.AnnotationsOf<EndpointAnnotation>().Any();

    public IReadOnlyDictionary<string, string?> Environment { get; private set; } = ReadOnlyDictionary<string, string?>.Empty;

    public IReadOnlyList<string> Urls { get; } =
        resource.AnnotationsOf<EndpointAnnotation>().Select(e => $"{e.UriScheme}://localhost:{instance.TargetPorts[e.Name]}").ToList();

    public async Task<ChildProcess?> LaunchAsync(CancellationToken cancellationToken)
    {
        var arguments = new List<object>();
        foreach (var annotation in resource.AnnotationsOf<CommandLineArgsCallbackAnnotation>())
            annotation.Callback(arguments);
        Environment = await ProgramEnvironment.CollectAsync(resource, instance, cancellationToken);
        var (program, first, directory) = Program();
        var rest = arguments.Select(a => a.ToString()!);
        if (instance.Files is { } files)
        {
            await files.PrepareAsync(cancellationToken);
            rest = rest.Select(files.Translate);
        }
        var command = new ChildCommand(program, [.. first, .. rest])
        {
            WorkingDirectory = directory,
            Environment = Environment,
            SharesSession = true,
        };
        return ChildProcess.Start(command, instance.Log.Write);
    }

    public async Task ProbeAsync(CancellationToken cancellationToken)
    {
        foreach (var check in resource.AnnotationsOf<HttpHealthCheckAnnotation>())
        {
            // Each replica for itself, not through the proxy: one sick replica must not hide behind the others.
            var endpoint = resource.AnnotationsOf<EndpointAnnotation>().First(e => e.Name == (check.EndpointName ?? "http"));
            var url = $"{endpoint.UriScheme}://localhost:{instance.TargetPorts[endpoint.Name]}{check.Path}";
            using var response = await Http.GetAsync(url, cancellationToken);
            if ((int)response.StatusCode != check.StatusCode)
                throw new HttpRequestException($"{url} answered {(int)response.StatusCode}.");
        }
    }

    private (string Program, string[] First, string Directory) Program()
    {
        if (resource is ExecutableResource executable)
            return (executable.Command, [], executable.WorkingDirectory);
        if (instance.Files is { } files && ContainerProgram.Of(resource) is { } stand)
        {
            var found = Programs.OnPath(stand.Executable) ?? throw new FileNotFoundException($"{stand.Executable} is not installed.");
            return (found, [.. stand.Listen(instance.TargetPorts.Values.Single())], files.Root);
        }
        if (!resource.TryGetLastAnnotation<IProjectMetadata>(out var project))
            throw new DistributedApplicationException($"Resource '{resource.Name}' is nothing that this engine can run.");
        if (project.AssemblyPath is not { } assembly || !File.Exists(assembly))
            throw new DistributedApplicationException($"Resource '{resource.Name}' is not built: {project.AssemblyPath} is missing.");
        return (Programs.DotNet, [assembly], Path.GetDirectoryName(project.ProjectPath)!);
    }
}

/// <summary>What one replica does not share with the others.</summary>
internal sealed record InstanceContext(string Name, IReadOnlyDictionary<string, int> TargetPorts, ProcessLog Log, DistributedApplicationExecutionContext ExecutionContext, OtlpTarget? Otlp)
{
    /// <summary>What it would find in its container, if it were one.</summary>
    public ContainerFileSystem? Files { get; init; }
}
