namespace Local.Publishing.Images;

/// <summary>An image and what has to be known to run it well.</summary>
internal sealed record ContainerImage(string Name)
{
    /// <summary>Replaces the image's own; arguments are for the image's entry point.</summary>
    public IReadOnlyList<string> Entrypoint { get; init; } = [];

    public IReadOnlyList<string> Arguments { get; init; } = [];

    /// <summary>Texts, parameters, and expressions of them; the application model's come on top.</summary>
    public IReadOnlyDictionary<string, object> Environment { get; init; } = new Dictionary<string, object>(StringComparer.Ordinal);

    /// <summary>A shell command that succeeds when the container is well.</summary>
    public string? HealthCommand { get; init; }

    /// <summary>Who it runs as; never root.</summary>
    public required int User { get; init; }

    /// <summary>Folders that it writes to and nobody keeps; null when its root file system cannot be read-only.</summary>
    public IReadOnlyList<string>? ScratchFolders { get; init; }

    /// <summary>Where SQL scripts for an empty store go.</summary>
    public string? InitFolder { get; init; }

    /// <summary>Who tells Prometheus how a store is.</summary>
    public Exporter? Exporter { get; init; }
}

/// <summary>A container beside a store that asks it, and is asked by Prometheus.</summary>
internal sealed record Exporter(string Image, int Port)
{
    public IReadOnlyList<object> Arguments { get; init; } = [];

    public IReadOnlyDictionary<string, object> Environment { get; init; } = new Dictionary<string, object>(StringComparer.Ordinal);
}
