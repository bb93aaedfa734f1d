using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting;

/// <summary>The variables by which a resource finds another one, as Aspire writes them.</summary>
internal static class References
{
    internal static void AddConnection(EnvironmentCallbackContext context, IResourceWithConnectionString source, string? connectionName)
    {
        var name = connectionName ?? source.Name;
        var key = source.ConnectionStringEnvironmentVariable ?? "ConnectionStrings__" + name;
        if (Wanted(context, ReferenceEnvironmentInjectionFlags.ConnectionString))
            context.EnvironmentVariables[key] = source;
        if (!Wanted(context, ReferenceEnvironmentInjectionFlags.ConnectionProperties))
            return;
        var prefix = name.Length == 0 ? "" : Variable(name) + "_";
        foreach (var (property, value) in source.GetConnectionProperties())
            context.EnvironmentVariables[prefix + property.ToUpperInvariant()] = value;
    }

    internal static void AddService(EnvironmentCallbackContext context, IResourceWithServiceDiscovery source)
    {
        var counts = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var endpoint in source.AnnotationsOf<EndpointAnnotation>())
        {
            var url = new EndpointReference(source, endpoint.Name);
            var segment = endpoint.Name is "http" or "https" ? endpoint.UriScheme : endpoint.Name;
            var index = counts.GetValueOrDefault(segment);
            counts[segment] = index + 1;
            if (Wanted(context, ReferenceEnvironmentInjectionFlags.ServiceDiscovery))
                context.EnvironmentVariables[$"services__{source.Name}__{segment}__{index}"] = url;
            if (Wanted(context, ReferenceEnvironmentInjectionFlags.Endpoints))
                context.EnvironmentVariables[$"{Variable(source.Name)}_{Variable(endpoint.Name)}"] = url;
        }
    }

    private static bool Wanted(EnvironmentCallbackContext context, ReferenceEnvironmentInjectionFlags flag) =>
        !context.Resource.TryGetLastAnnotation<ReferenceEnvironmentAnnotation>(out var limit) || limit.Flags.HasFlag(flag);

    private static string Variable(string name) => string.Concat(name.Select(c => char.IsAsciiLetterOrDigit(c) ? char.ToUpperInvariant(c) : '_'));
}
