using Aspire.Hosting.ApplicationModel;

namespace Local.Engine;

/// <summary>The variables that Aspire gives a project at run time, in its order of precedence: what the model says wins.</summary>
internal static class ProgramEnvironment
{
    // Ours, not the child's: the AppHost's own launch profile and addresses would otherwise be inherited.
    private static readonly string[] NotInherited =
        ["ASPNETCORE_URLS", "ASPNETCORE_ENVIRONMENT", "DOTNET_ENVIRONMENT", "DOTNET_LAUNCH_PROFILE", "HTTP_PORTS", "HTTPS_PORTS", "APPHOST_STATE"];

    internal static async Task<IReadOnlyDictionary<string, string?>> CollectAsync(
        IResource resource, InstanceContext instance, CancellationToken cancellationToken)
    {
        var context = new EnvironmentCallbackContext(instance.ExecutionContext, resource);
        if (resource is ProjectResource)
            AddProjectDefaults(context.EnvironmentVariables, resource, instance);
        foreach (var endpoint in resource.AnnotationsOf<EndpointAnnotation>())
        {
            if (endpoint.EnvironmentVariable is { } variable)
                context.EnvironmentVariables[variable] = $"{instance.TargetPorts[endpoint.Name]}";
        }
        foreach (var annotation in resource.AnnotationsOf<EnvironmentCallbackAnnotation>())
            await annotation.Callback(context);

        var environment = NotInherited.ToDictionary(name => name, _ => (string?)null, StringComparer.Ordinal);
        foreach (var (name, value) in context.EnvironmentVariables)
            environment[name] = value is IValueProvider provider ? await provider.GetValueAsync(cancellationToken) : value.ToString();
        return environment;
    }

    private static void AddProjectDefaults(Dictionary<string, object> environment, IResource resource, InstanceContext instance)
    {
        var urls = resource.AnnotationsOf<EndpointAnnotation>()
            .Where(e => e.EnvironmentVariable is null)
            .Select(e => $"{e.UriScheme}://localhost:{instance.TargetPorts[e.Name]}")
            .ToList();
        if (urls.Count > 0)
            environment["ASPNETCORE_URLS"] = string.Join(';', urls);
        environment["LOGGING__CONSOLE__FORMATTERNAME"] = "simple";
        environment["DOTNET_SYSTEM_CONSOLE_ALLOW_ANSI_COLOR_REDIRECTION"] = "true";
        instance.Otlp?.AddTo(environment, resource.Name, instance.Name);
    }
}
