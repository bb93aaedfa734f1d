namespace Aspire.Hosting.ApplicationModel;

public enum ProbeType
{
    /// <summary>Whether it is up yet.</summary>
    Startup,

    /// <summary>Whether it may be asked.</summary>
    Readiness,

    /// <summary>Whether it should be restarted.</summary>
    Liveness,
}

/// <summary>What an orchestrator asks a container; the local engine has health checks for that.</summary>
internal sealed class ProbeAnnotation(ProbeType type, string path, string? endpointName) : IResourceAnnotation
{
    public ProbeType Type { get; } = type;

    public string Path { get; } = path;

    public string? EndpointName { get; } = endpointName;

    public int? PeriodSeconds { get; init; }

    public int? TimeoutSeconds { get; init; }

    public int? FailureThreshold { get; init; }
}

/// <summary>Which variables a reference brings along.</summary>
[Flags]
public enum ReferenceEnvironmentInjectionFlags
{
    None = 0,
    ConnectionString = 1,
    ConnectionProperties = 2,
    ServiceDiscovery = 4,
    Endpoints = 8,
    All = ConnectionString | ConnectionProperties | ServiceDiscovery | Endpoints,
}

internal sealed class ReferenceEnvironmentAnnotation(ReferenceEnvironmentInjectionFlags flags) : IResourceAnnotation
{
    public ReferenceEnvironmentInjectionFlags Flags { get; } = flags;
}
