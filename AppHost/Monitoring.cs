namespace AppHost;

/// <summary>Measures the running system, alerts by the rules that are deployed too, and writes down who would have been notified of what.</summary>
internal static class Monitoring
{
    private const string Configuration = "../deploy/monitoring";
    private static readonly string[] Severities = ["page", "ticket"];

    internal static void AddMonitoring(this IDistributedApplicationBuilder builder, params IResourceBuilder<ProjectResource>[] services)
    {
        var alerts = builder.AddProject<Projects.Local_Alerts>("alerts")
            .WithHttpEndpoint(port: 9094)
            .WithHttpHealthCheck("/health")
            .WithEnvironment("Alerts__File", builder.StorePath("alerts.jsonl"));

        var alertmanager = builder.AddContainer("alertmanager", "prom/alertmanager", "v0.28.1")
            .WithHttpEndpoint(port: 9093, targetPort: 9093)
            .WithHttpHealthCheck("/-/ready")
            .WithVolume(name: null, "/alertmanager")
            .WithContainerFiles("/etc/alertmanager", (_, ct) => AlertmanagerAsync(builder, alerts.GetEndpoint("http"), ct))
            .WithArgs("--config.file=/etc/alertmanager/alertmanager.yml", "--storage.path=/alertmanager")
            .WaitFor(alerts);

        builder.AddContainer("prometheus", "prom/prometheus", "v3.5.0")
            .WithHttpEndpoint(port: 9090, targetPort: 9090)
            .WithHttpHealthCheck("/-/ready")
            .WithVolume(name: null, "/prometheus")
            .WithBindMount($"{Configuration}/prometheus/rules", "/etc/prometheus/rules", isReadOnly: true)
            .WithBindMount(builder.StorePath("scrape"), "/etc/prometheus/targets", isReadOnly: true)
            .WithContainerFiles("/etc/prometheus", (_, _) => PrometheusAsync(services, alertmanager.GetEndpoint("http")))
            .WithArgs("--config.file=/etc/prometheus/prometheus.yml", "--storage.tsdb.path=/prometheus")
            .WaitFor(alertmanager);
    }

    // Seconds instead of the usual quarter of a minute: a fault has to be seen within half a minute.
    private static Task<IEnumerable<ContainerFileSystemItem>> PrometheusAsync(
        IEnumerable<IResourceBuilder<ProjectResource>> services, EndpointReference alertmanager) =>
        Files("prometheus.yml",
            $"""
            global:
              scrape_interval: 2s
              scrape_timeout: 2s
              evaluation_interval: 2s
            rule_files: [rules/*.yml]
            alerting:
              alertmanagers:
                - static_configs: [targets: ["{alertmanager.Host}:{alertmanager.Port}"]]
            scrape_configs:
              - job_name: services
                # Written at each start: one target for each process.
                file_sd_configs: [files: [targets/*.json]]
                relabel_configs:
                  - action: keep
                    source_labels: [job]
                    regex: {string.Join('|', services.Select(s => s.Resource.Name))}
            """);

    /// <summary>The deployed configuration, with who is to be notified exchanged.</summary>
    private static async Task<IEnumerable<ContainerFileSystemItem>> AlertmanagerAsync(
        IDistributedApplicationBuilder builder, EndpointReference alerts, CancellationToken ct)
    {
        var path = Path.Combine(builder.AppHostDirectory, Configuration, "alertmanager/alertmanager.yml");
        var deployed = await File.ReadAllTextAsync(path, ct);
        var receivers = string.Concat(Severities.Select(name =>
            $"""
              - name: {name}
                webhook_configs: [url: "{alerts.Url}/api/v1/notifications"]

            """));
        return await Files("alertmanager.yml", deployed[..deployed.IndexOf("receivers:\n", StringComparison.Ordinal)] + "receivers:\n" + receivers);
    }

    private static Task<IEnumerable<ContainerFileSystemItem>> Files(string name, string contents) =>
        Task.FromResult<IEnumerable<ContainerFileSystemItem>>([new ContainerFile { Name = name, Contents = contents }]);
}
