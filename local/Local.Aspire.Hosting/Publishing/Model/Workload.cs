using Aspire.Hosting.ApplicationModel;
using Local.Publishing.Images;

namespace Local.Publishing.Model;

/// <summary>One thing that runs: a project's container or a store's, as every target sees it.</summary>
internal sealed record Workload(string Name, ContainerImage Image, ResourceSettings Settings)
{
    /// <summary>Null for a store.</summary>
    public string? ProjectPath { get; init; }

    public bool IsService => ProjectPath is not null;

    public required IReadOnlyList<Port> Ports { get; init; }

    /// <summary>Texts, parameters, and expressions of them.</summary>
    public required IReadOnlyDictionary<string, object> Environment { get; init; }

    public required IReadOnlyList<VolumeMount> Volumes { get; init; }

    public IReadOnlyList<Probe> Probes { get; init; } = [];

    /// <summary>What must be healthy before it starts.</summary>
    public IReadOnlyList<string> WaitsFor { get; init; } = [];

    /// <summary>What it connects to.</summary>
    public IReadOnlyList<string> Uses { get; init; } = [];

    /// <summary>A server's databases.</summary>
    public IReadOnlyList<string> Databases { get; init; } = [];

    /// <summary>Whether it brings a database of its own to its schema.</summary>
    public bool HasSchema { get; init; }

    public Probe Probe(ProbeType type) => Probes.FirstOrDefault(p => p.Type == type) ?? Probes[0];
}

internal sealed record Port(string Name, string Scheme, int Number, int? HostPort, bool IsExternal);

internal sealed record VolumeMount(string Path, bool IsReadOnly);

internal sealed record Probe(ProbeType Type, string Path, int Port)
{
    public int? PeriodSeconds { get; init; }

    public int? TimeoutSeconds { get; init; }

    public int? FailureThreshold { get; init; }
}
