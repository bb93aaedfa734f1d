namespace Local.Dashboard.Resources;

/// <summary>A resource has one colour on all pages. Which, depends on its name only, so it is the same after a restart.</summary>
public static class ResourceColour
{
    private const uint Colours = 8;

    /// <summary>The CSS class that sets <c>--colour</c>.</summary>
    public static string Of(string resource)
    {
        // FNV-1a: string.GetHashCode differs from run to run.
        var hash = 2166136261u;
        foreach (var c in resource)
            hash = (hash ^ c) * 16777619u;
        return $"c{hash % Colours}";
    }
}
