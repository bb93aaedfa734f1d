namespace Local.Dashboard.Resources;

/// <summary>A resource's state for the eye: a word, a shape, and a tone, so that nothing hangs on colour alone.</summary>
internal sealed record ResourceState(string Word, string Tone, string Icon)
{
    private const string Check = "M4 11l4 4 8-10";
    private const string Bang = "M10 3L2 17h16zM10 8v4M10 14.5v.1";
    private const string Square = "M5 5h10v10H5z";
    private const string Cross = "M5 5l10 10M15 5L5 15";
    private const string Clock = "M10 5v5l3 2M2.5 10a7.5 7.5 0 1 0 15 0a7.5 7.5 0 1 0-15 0";
    private const string Turning = "M17 10a7 7 0 1 1-3-5.7M14 1v3.5h3.5";

    public const string Bad = "is-bad";

    internal static ResourceState Of(ResourceSnapshot resource) => Of(resource.State, resource.Healthy, resource.ExitCode) is var state && resource.ComesBack
        ? new(state.Word + ", starts again", Bad, Cross)
        : state;

    internal static ResourceState Of(string state, bool? healthy, int? exitCode = null) => state switch
    {
        "Running" => healthy switch
        {
            true => new("Running", "is-good", Check),
            false => new("Unhealthy", Bad, Bang),
            null => new("Running, not asked yet", "is-wait spin", Turning),
        },
        "Waiting" => new("Waiting", "is-wait", Clock),
        "Starting" => new("Starting", "is-wait spin", Turning),
        "Stopping" => new("Stopping", "is-wait spin", Turning),
        "Finished" => new("Finished", "is-off", Check),
        "Exited" => exitCode is null or 0 or 143 ? new("Stopped", "is-off", Square) : new($"Exited with {exitCode}", Bad, Cross),
        "FailedToStart" => new("Failed to start", Bad, Cross),
        "NotStarted" => new("Not started", "is-off", Square),
        _ => new(state, "is-off", Square),
    };

    /// <summary>For the filter by state.</summary>
    public string Group => Tone switch
    {
        "is-good" => "running",
        Bad => "trouble",
        "is-off" => "stopped",
        _ => "starting",
    };
}
