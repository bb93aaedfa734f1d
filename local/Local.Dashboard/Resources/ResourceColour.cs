using System.Collections.Concurrent;

namespace Local.Dashboard.Resources;

/// <summary>A resource has one colour on all pages: each new name takes the next one, the application's own programs first.</summary>
public static class ResourceColour
{
    private const int Colours = 8;
    private static readonly ConcurrentDictionary<string, int> Given = new(StringComparer.Ordinal);

    /// <summary>The CSS class that sets <c>--colour</c>.</summary>
    public static string Of(string resource) => $"c{Given.GetOrAdd(resource, static _ => Given.Count) % Colours}";

    internal static void Give(IEnumerable<ResourceSnapshot> resources)
    {
        foreach (var resource in resources.OrderBy(r => r.Type != "Project"))
            Of(resource.Name);
    }
}
