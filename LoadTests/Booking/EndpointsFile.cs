using System.Text.Json;
using Contracts;

namespace LoadTests.Booking;

/// <summary>What the AppHost writes about the system it runs: <c>.state/endpoints.json</c>.</summary>
internal sealed class EndpointsFile
{
    private readonly Dictionary<string, Resource> resources;

    private EndpointsFile(Dictionary<string, Resource> resources, string? folder = null) => (this.resources, Folder) = (resources, folder);

    public static EndpointsFile Empty { get; } = new([]);

    /// <summary>The AppHost's state folder.</summary>
    public string? Folder { get; }

    /// <summary>Without the load generator itself, where it is one of the resources.</summary>
    public IReadOnlyDictionary<string, int[]> Processes =>
        resources.Where(r => r.Key != ResourceNames.LoadTests && r.Value.ProcessIds.Length > 0).ToDictionary(r => r.Key, r => r.Value.ProcessIds, StringComparer.Ordinal);

    /// <summary>Looks for the file in the folder that was named, else in .state here or in a folder above.</summary>
    public static EndpointsFile Find(string? state)
    {
        var folders = state is not null ? [state] : Above(Directory.GetCurrentDirectory()).Select(folder => Path.Combine(folder, ".state"));
        var file = folders.Select(folder => Path.Combine(folder, "endpoints.json")).FirstOrDefault(File.Exists);
        if (file is null) return Empty;
        using var json = JsonDocument.Parse(File.ReadAllText(file));
        return new EndpointsFile(json.RootElement.GetProperty("resources").EnumerateArray().ToDictionary(
            r => r.GetProperty("name").GetString()!,
            r => new Resource(
                [.. r.GetProperty("urls").EnumerateArray().Select(u => u.GetString()!)],
                [.. r.GetProperty("processIds").EnumerateArray().Select(p => p.GetInt32())],
                r.GetProperty("connectionString").GetString()),
            StringComparer.Ordinal), Path.GetDirectoryName(file));
    }

    public Uri? UrlOf(string resource) => resources.GetValueOrDefault(resource)?.Urls.FirstOrDefault() is { } url ? new Uri(url) : null;

    public int[] ProcessesOf(string resource) => resources.GetValueOrDefault(resource)?.ProcessIds ?? [];

    public string? ConnectionStringOf(string resource) => resources.GetValueOrDefault(resource)?.ConnectionString;

    public Stores? Stores =>
        ConnectionStringOf(ResourceNames.ConcertDb) is { } concert && ConnectionStringOf(ResourceNames.ReservationDb) is { } reservation && ConnectionStringOf(ResourceNames.PaymentDb) is { } payment
            ? new Stores(concert, reservation, payment, ConnectionStringOf(ResourceNames.Redis))
            : null;

    private static IEnumerable<string> Above(string folder)
    {
        for (var at = new DirectoryInfo(folder); at is not null; at = at.Parent) yield return at.FullName;
    }

    private sealed record Resource(string[] Urls, int[] ProcessIds, string? ConnectionString);
}
