namespace Local.Dashboard.Resources;

/// <summary>One resource at one moment.</summary>
public sealed record ResourceSnapshot(string Name, string Type, string State)
{
    /// <summary>Null while nobody can know.</summary>
    public bool? Healthy { get; init; }

    public IReadOnlyList<HealthReport> Health { get; init; } = [];

    public DateTimeOffset? StartedAt { get; init; }

    public IReadOnlyList<string> Urls { get; init; } = [];

    /// <summary>The project, program or image it comes from.</summary>
    public string Source { get; init; } = "";

    /// <summary>One per replica.</summary>
    public IReadOnlyList<ReplicaSnapshot> Replicas { get; init; } = [];

    public int Restarts { get; init; }

    public int? ExitCode { get; init; }

    /// <summary>Why it is not up or not well.</summary>
    public string? Failure { get; init; }

    /// <summary>What its processes were started with.</summary>
    public IReadOnlyList<EnvironmentVariable> Environment { get; init; } = [];

    public IReadOnlyList<Relationship> Relationships { get; init; } = [];

    /// <summary>Waits to be started by hand.</summary>
    public bool StartsByHand { get; init; }

    /// <summary>Its process ended, and the engine is about to start it again.</summary>
    public bool ComesBack { get; init; }

    public bool CanStart => !ComesBack && State is "NotStarted" or "Exited" or "Finished" or "FailedToStart";

    public bool CanStop => !CanStart && State is not "Stopping";
}

/// <summary>One process of a resource.</summary>
public sealed record ReplicaSnapshot(string Instance, string State, bool? Healthy, int? ProcessId)
{
    /// <summary>Where this one answers, past any proxy in front of several.</summary>
    public IReadOnlyList<string> Urls { get; init; } = [];
}

/// <summary>What one check said the last time it was asked.</summary>
public sealed record HealthReport(string Name, bool? Healthy, string? Description, DateTimeOffset? At);

/// <param name="Secret">Not to be shown unless asked for.</param>
public sealed record EnvironmentVariable(string Name, string Value, bool Secret);

/// <param name="Resource">The other resource.</param>
/// <param name="Kind">"Reference", "WaitFor" or "Parent", as Aspire calls them.</param>
public sealed record Relationship(string Resource, string Kind);

/// <param name="Number">Counts the lines of one instance.</param>
public sealed record ConsoleLine(string Resource, string Instance, long Number, DateTimeOffset At, string Text);
