using System.Collections.Concurrent;

namespace Local.Dashboard.Telemetry;

/// <summary>Whose telemetry it is: a service and which of its replicas.</summary>
public sealed record TelemetryResource(string Name, string Instance);

/// <summary>Everybody who sent something. Bounded: names come from outside.</summary>
internal sealed class TelemetryResources
{
    internal const int MostResources = 200;
    internal const string Unnamed = "unknown";

    private readonly ConcurrentDictionary<(string Name, string Instance), TelemetryResource> _all = new();
    private readonly ConcurrentDictionary<string, TelemetryResource> _byName = new(StringComparer.Ordinal);

    /// <summary>The names, in order.</summary>
    internal IReadOnlyList<string> Names => _byName.Keys.Order(StringComparer.Ordinal).ToList();

    /// <summary>Null when there are too many already. Another replica's telemetry is still taken, without its number, when only replicas are too many.</summary>
    internal TelemetryResource? Find(string name, string instance)
    {
        if (_all.TryGetValue((name, instance), out var known))
            return known;
        if (_all.Count >= MostResources)
            return _byName.GetValueOrDefault(name);
        var resource = _all.GetOrAdd((name, instance), static key => new(key.Name, key.Instance));
        _byName.TryAdd(name, resource);
        return resource;
    }
}
