using System.Reflection;
using Aspire.Hosting.ApplicationModel;
using Local.Engine;
using Local.Publishing;
using Microsoft.Extensions.Configuration;

namespace Aspire.Hosting;

public interface IDistributedApplicationBuilder
{
    ConfigurationManager Configuration { get; }

    string AppHostDirectory { get; }

    DistributedApplicationExecutionContext ExecutionContext { get; }

    IList<IResource> Resources { get; }

    IResourceBuilder<T> AddResource<T>(T resource) where T : IResource;

    IResourceBuilder<T> CreateResourceBuilder<T>(T resource) where T : IResource;

    DistributedApplication Build();
}

public sealed class DistributedApplicationExecutionContext
{
    public bool IsRunMode => !IsPublishMode;

    public bool IsPublishMode { get; init; }
}

internal sealed class DistributedApplicationBuilder : IDistributedApplicationBuilder
{
    private static readonly Dictionary<string, string> Switches = new(
        EngineOptions.SwitchMappings.Concat(PublishArguments.SwitchMappings), StringComparer.OrdinalIgnoreCase);

    private readonly string[] _args;

    internal DistributedApplicationBuilder(DistributedApplicationOptions options, Assembly? appHost)
    {
        _args = options.Args ?? [];
        AppHostDirectory = appHost?.GetCustomAttributes<AssemblyMetadataAttribute>().FirstOrDefault(a => a.Key == "apphostprojectpath")?.Value
            ?? Directory.GetCurrentDirectory();
        Configuration.AddJsonFile(Path.Combine(AppHostDirectory, "appsettings.json"), optional: true)
            .AddEnvironmentVariables()
            .AddCommandLine(EngineOptions.ExpandSwitches(PublishArguments.Expand(_args)), Switches);
        ExecutionContext = new() { IsPublishMode = PublishArguments.IsAsked(Configuration) };
        var engine = EngineOptions.From(Configuration, AppHostDirectory);
        Options = engine with
        {
            NoDashboard = engine.NoDashboard || options.DisableDashboard,
            ApplicationName = options.DashboardApplicationName ?? engine.ApplicationName,
        };
        State = new StateFolder(Options.StateDirectory);
        // Where Aspire keeps what outlives a run.
        Configuration["Aspire:Store:Path"] = State.Root;
    }

    public ConfigurationManager Configuration { get; } = new();

    public string AppHostDirectory { get; }

    public DistributedApplicationExecutionContext ExecutionContext { get; }

    public IList<IResource> Resources { get; } = new List<IResource>();

    internal EngineOptions Options { get; }

    internal StateFolder State { get; }

    public IResourceBuilder<T> AddResource<T>(T resource) where T : IResource
    {
        if (Resources.Any(r => string.Equals(r.Name, resource.Name, StringComparison.OrdinalIgnoreCase)))
            throw new DistributedApplicationException($"Cannot add resource of type '{typeof(T)}' with name '{resource.Name}' because a resource of that name exists already.");
        Resources.Add(resource);
        return CreateResourceBuilder(resource);
    }

    public IResourceBuilder<T> CreateResourceBuilder<T>(T resource) where T : IResource => new ResourceBuilder<T>(this, resource);

    public DistributedApplication Build() => new(
        new Orchestrator(Resources.ToList(), ExecutionContext, Options, State),
        ExecutionContext.IsPublishMode ? new Publisher(_args, Configuration, AppHostDirectory, Resources.ToList(), ExecutionContext) : null);
}
