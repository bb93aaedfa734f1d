using Local.Publishing.Model;

namespace Local.Publishing.Compose;

/// <summary>
/// Who watches the application: its metrics, traces and logs. Their configuration is the monitoring folder's. Whose image has a client tells its
/// health; the collector's, Tempo's and the dashboard's hold one program without a question to itself, and no shell, so Prometheus asks them
/// (the dashboard, which nobody depends on, excepted).
/// </summary>
internal sealed class ComposeObservers(EnvironmentFile environment)
{
    internal const string DashboardFile = "collector-dashboard.yaml";

    internal const string DefaultMonitoring = "../monitoring";

    private const string Profile = "monitoring";
    private const string Healthy = "service_healthy";
    private const string Started = "service_started";

    /// <summary>Adds the dashboard to what the collector's own configuration sends to: collectors merge their files.</summary>
    internal static Map DashboardPipelines { get; } = new()
    {
        ["exporters"] = new Map { ["otlp/dashboard"] = new Map { ["endpoint"] = "dashboard:18889", ["tls"] = new Map { ["insecure"] = true } } },
        ["service"] = new Map
        {
            ["pipelines"] = new Map
            {
                ["traces/dashboard"] = ToDashboard,
                ["logs/dashboard"] = ToDashboard,
                ["metrics/dashboard"] = ToDashboard,
            },
        },
    };

    private static Map ToDashboard => new()
    {
        ["receivers"] = new[] { "otlp" },
        ["processors"] = new[] { "memory_limiter", "batch" },
        ["exporters"] = new[] { "otlp/dashboard" },
    };

    internal List<KeyValuePair<string, object?>> Services()
    {
        environment.Add("COMPOSE_PROFILES", Profile, "What runs beside the application: monitoring, or nothing");
        environment.Add("MONITORING", DefaultMonitoring, "The folder of the monitoring configuration, seen from the compose file");
        environment.Add("GRAFANA_ADMIN_PASSWORD", "", "Password of Grafana's user admin, secret");
        environment.Add("ALERT_WEBHOOK_URL", "", "Where alerts go: a Slack-compatible webhook, secret");
        environment.Add("DASHBOARD_TOKEN", "", "What a browser shows to Aspire's dashboard, secret");
        return
        [
            Observer("otel-collector", new("docker.io/otel/opentelemetry-collector-contrib:0.142.0", 0.5m, 256)
            {
                Command = ["--config=/etc/otelcol/collector.yml", $"--config=/etc/otelcol/{DashboardFile}"],
                Mounts = [Config("otel-collector/collector.yml", "/etc/otelcol/collector.yml"), $"./{DashboardFile}:/etc/otelcol/{DashboardFile}:ro"],
                After = [("loki", Healthy), ("tempo", Started), ("dashboard", Started)],
            }),
            Observer("prometheus", new("docker.io/prom/prometheus:v3.8.1", 0.5m, 1024)
            {
                Command = ["--config.file=/etc/prometheus/prometheus.yml", "--storage.tsdb.path=/prometheus", "--storage.tsdb.retention.time=15d", "--web.enable-remote-write-receiver"],
                Port = (9090, 9090),
                Mounts = [Config("prometheus", "/etc/prometheus"), "prometheus-data:/prometheus"],
                Health = Get("http://localhost:9090/-/ready"),
                After = [("alertmanager", Healthy)],
            }),
            Observer("alertmanager", new("docker.io/prom/alertmanager:v0.30.0", 0.1m, 128)
            {
                // The webhook's address is a secret, and Alertmanager reads it from a file: this one is in memory.
                Entrypoint = ["/bin/sh", "-c"],
                Command =
                [
                    "printf %s \"$$WEBHOOK_URL\" > /etc/alertmanager/secrets/webhook-url && "
                        + "exec /bin/alertmanager --config.file=/etc/alertmanager/alertmanager.yml --storage.path=/alertmanager",
                ],
                Environment = new Map { ["WEBHOOK_URL"] = "${ALERT_WEBHOOK_URL}" },
                Scratch = "/etc/alertmanager/secrets",
                Port = (9093, 9093),
                Mounts = [Config("alertmanager/alertmanager.yml", "/etc/alertmanager/alertmanager.yml"), "alertmanager-data:/alertmanager"],
                Health = Get("http://localhost:9093/-/ready"),
            }),
            Observer("loki", new("docker.io/grafana/loki:3.7.2", 0.5m, 512)
            {
                Command = ["-config.file=/etc/loki/loki.yml"],
                Mounts = [Config("loki", "/etc/loki"), "loki-data:/loki"],
                // No shell here either, but the program asks itself (since 3.6.5).
                Health = ["CMD", "/usr/bin/loki", "-health"],
            }),
            Observer("tempo", new("docker.io/grafana/tempo:2.9.0", 0.5m, 512)
            {
                Command = ["-config.file=/etc/tempo/tempo.yml"],
                Mounts = [Config("tempo", "/etc/tempo"), "tempo-data:/var/tempo"],
            }),
            Observer("grafana", new("docker.io/grafana/grafana:12.3.1", 0.5m, 512)
            {
                Port = (3000, 3000),
                Mounts = [Config("grafana/provisioning", "/etc/grafana/provisioning"), Config("grafana/dashboards", "/var/lib/grafana/dashboards"), "grafana-data:/var/lib/grafana"],
                Environment = new Map { ["GF_SECURITY_ADMIN_PASSWORD"] = "${GRAFANA_ADMIN_PASSWORD}", ["GF_USERS_ALLOW_SIGN_UP"] = "false" },
                Health = Get("http://localhost:3000/api/health"),
                After = [("prometheus", Healthy), ("loki", Healthy), ("tempo", Started)],
            }),
            Observer("dashboard", new("mcr.microsoft.com/dotnet/nightly/aspire-dashboard:13.5", 0.5m, 512)
            {
                Port = (18888, 18888),
                Environment = new Map
                {
                    ["DASHBOARD__FRONTEND__AUTHMODE"] = "BrowserToken",
                    ["DASHBOARD__FRONTEND__BROWSERTOKEN"] = "${DASHBOARD_TOKEN}",
                    // Within this network alone: its OTLP ports are not published.
                    ["DASHBOARD__OTLP__AUTHMODE"] = "Unsecured",
                },
            }),
        ];
    }

    /// <summary>Prometheus finds them by their names.</summary>
    internal static List<KeyValuePair<string, object?>> Exporters(IEnumerable<Workload> workloads)
    {
        var expressions = new ComposeExpressions();
        return workloads.Where(w => w.Image.Exporter is not null).Select(w => Observer(w.Name + "-exporter", new(w.Image.Exporter!.Image, 0.1m, 64)
        {
            Command = w.Image.Exporter.Arguments.Select(expressions.Render).ToArray(),
            Environment = w.Image.Exporter.Environment.Count == 0
                ? null
                : new Map(w.Image.Exporter.Environment.Select(e => KeyValuePair.Create(e.Key, (object?)expressions.Render(e.Value)))),
            Health = Get($"http://localhost:{w.Image.Exporter.Port}/"),
            After = [(w.Name, Healthy)],
        })).ToList();
    }

    private static string[] Get(string url) => ["CMD", "wget", "-q", "--spider", url];

    private static string Config(string source, string target) => $"${{MONITORING}}/{source}:{target}:ro";

    private static KeyValuePair<string, object?> Observer(string name, Container container) => KeyValuePair.Create(name, (object?)new Map
    {
        ["image"] = container.Image,
        ["profiles"] = new[] { Profile },
        ["entrypoint"] = container.Entrypoint,
        ["command"] = container.Command.Length == 0 ? null : container.Command,
        ["environment"] = container.Environment,
        // For this machine's operators: whoever is elsewhere comes through a tunnel.
        ["ports"] = container.Port is { } port ? new[] { $"127.0.0.1:{port.Host}:{port.Container}" } : null,
        ["depends_on"] = container.After.Length == 0
            ? null
            : new Map(container.After.Select(a => KeyValuePair.Create(a.Name, (object?)new Map { ["condition"] = a.Condition }))),
        ["healthcheck"] = container.Health is null ? null : new Map
        {
            ["test"] = container.Health,
            ["interval"] = "15s",
            ["timeout"] = "5s",
            ["retries"] = 6,
            ["start_period"] = "30s",
        },
        ["volumes"] = container.Mounts.Length == 0 ? null : container.Mounts.ToList(),
        ["tmpfs"] = container.Scratch is null ? null : new[] { container.Scratch },
        ["security_opt"] = ComposeServices.NoNewPrivileges,
        ["restart"] = "unless-stopped",
        ["deploy"] = ComposeServices.Limits(container.Cpus, container.MemoryMiB),
    });

    private sealed record Container(string Image, decimal Cpus, int MemoryMiB)
    {
        public string[]? Entrypoint { get; init; }

        public string[] Command { get; init; } = [];

        public string? Scratch { get; init; }

        public Map? Environment { get; init; }

        public (int Host, int Container)? Port { get; init; }

        public string[] Mounts { get; init; } = [];

        public string[]? Health { get; init; }

        public (string Name, string Condition)[] After { get; init; } = [];
    }
}
