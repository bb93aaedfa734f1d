namespace Aspire.Hosting;

/// <summary>What an AppHost's program can say about the run besides its command line.</summary>
public sealed class DistributedApplicationOptions
{
    public string[]? Args { get; set; }

    /// <summary>No pages, and no telemetry unless the configuration says where to.</summary>
    public bool DisableDashboard { get; set; }

    /// <summary>What the dashboard calls the whole; null for the solution's name.</summary>
    public string? DashboardApplicationName { get; set; }
}
