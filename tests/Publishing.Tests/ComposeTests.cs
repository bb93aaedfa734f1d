using System.Globalization;
using Local.Processes;
using YamlDotNet.RepresentationModel;

namespace Publishing.Tests;

public sealed class ComposeTests
{
    private static readonly string Folder = Repository.Deploy("compose");
    private static readonly YamlMappingNode Compose = Assert.Single(Yamls.Read(File.ReadAllText(Path.Combine(Folder, "docker-compose.yaml"))));
    private static readonly IReadOnlyDictionary<string, YamlNode> Services = Compose.Entries("services");
    private static readonly string[] Application =
        ["postgres", "redis", "kafka", "gateway-primary", "gateway-backup", "queue", "concert", "reservation", "payment"];

    [Theory]
    [InlineData("docker-compose.yaml")]
    [InlineData("docker-compose.yaml", "docker-compose.small.yaml")]
    public async Task Docker_compose_accepts_it(params string[] files)
    {
        var compose = await Tool.RequireAsync("docker-compose", "docker-compose");
        var (code, said) = await Repository.RunAsync(
            new ChildCommand(compose, [.. files.SelectMany(f => new[] { "-f", f }), "config", "--quiet"]) { WorkingDirectory = Folder });
        Assert.True(code == 0, said);
    }

    [Fact]
    public void The_application_and_all_who_watch_it_are_there()
    {
        string[] watchers = ["otel-collector", "prometheus", "alertmanager", "loki", "tempo", "grafana", "dashboard", "postgres-exporter", "redis-exporter", "kafka-exporter"];
        Assert.Equal([.. Application, .. watchers], Services.Keys);
        Assert.All(watchers, name => Assert.Equal("monitoring", Services[name].Text("profiles/0")));
    }

    [Fact]
    public void Every_container_has_limits_and_a_fixed_image()
    {
        foreach (var (name, service) in Services)
        {
            Assert.True(decimal.Parse(service.Text("deploy/resources/limits/cpus")!, CultureInfo.InvariantCulture) > 0, name);
            Assert.Matches("^[0-9]+M$", service.Text("deploy/resources/limits/memory")!);
            var image = Fill(service.Text("image")!);
            Assert.Matches(@":v?[0-9][^:/]*$", image);
        }
    }

    [Fact]
    public void Everything_of_the_application_tells_its_health_and_waits_for_the_health_of_others()
    {
        foreach (var name in Application)
        {
            Assert.NotEmpty(Services[name].Items("healthcheck/test"));
            foreach (var (dependency, condition) in Services[name].Entries("depends_on"))
            {
                Assert.Equal("service_healthy", condition.Text("condition"));
                Assert.NotEmpty(Services[dependency].Items("healthcheck/test"));
            }
        }
        Assert.Equal(["postgres", "redis", "kafka"], Services["reservation"].Entries("depends_on").Keys);
    }

    [Fact]
    public void Observers_tell_their_health_where_their_image_can()
    {
        // These three hold one program, without a shell or a question to itself.
        string[] mute = ["otel-collector", "tempo", "dashboard"];
        var prometheus = Assert.Single(Yamls.Read(File.ReadAllText(Repository.Deploy("monitoring", "prometheus", "prometheus.yml"))));
        var scraped = prometheus.Items("scrape_configs").ToDictionary(j => j.Text("job_name")!, j => j.Text("dns_sd_configs/0/port"), StringComparer.Ordinal);
        foreach (var (name, service) in Services.Where(s => !Application.Contains(s.Key)))
        {
            var test = service.Items("healthcheck/test");
            Assert.Equal(mute.Contains(name), test.Count == 0);
            // So that somebody notices: Prometheus asks. The dashboard has no metrics.
            Assert.True(scraped.ContainsKey(name) || name is "dashboard", name);
            // Who waits for another's health waits for one that tells it.
            foreach (var (dependency, condition) in service.Entries("depends_on"))
                Assert.Equal(Services[dependency].Items("healthcheck/test").Count > 0 ? "service_healthy" : "service_started", condition.Text("condition"));
        }
        Assert.All(["postgres", "redis", "kafka"], store => Assert.EndsWith($":{scraped[store + "-exporter"]}/", Services[store + "-exporter"].Text("healthcheck/test/4"), StringComparison.Ordinal));
    }

    [Fact]
    public void Every_container_is_started_again_and_cannot_gain_rights()
    {
        foreach (var (name, service) in Services)
        {
            Assert.Equal("unless-stopped", service.Text("restart"));
            Assert.True(service.Text("security_opt/0") == "no-new-privileges:true", name);
        }
    }

    [Fact]
    public void What_prometheus_asks_is_there_and_listens_where_it_asks()
    {
        // Beside the machine's own exporter, which a deployment may add.
        var jobs = Assert.Single(Yamls.Read(File.ReadAllText(Repository.Deploy("monitoring", "prometheus", "prometheus.yml")))).Items("scrape_configs")
            .Where(j => j.At("dns_sd_configs") is not null && j.Text("job_name") != "node-exporter").ToList();
        Assert.All(jobs, job => Assert.Contains(job.Text("dns_sd_configs/0/names/0"), Services.Keys));
        foreach (var job in jobs.Where(j => Services[j.Text("job_name")!].Texts("environment").ContainsKey("HTTP_PORTS")))
            Assert.Equal(Services[job.Text("job_name")!].Text("environment/HTTP_PORTS"), job.Text("dns_sd_configs/0/port"));
    }

    [Fact]
    public void Services_run_confined()
    {
        foreach (var name in Application.Except(["postgres", "redis", "kafka"]))
        {
            Assert.Equal("true", Services[name].Text("read_only"));
            Assert.Equal("ALL", Services[name].Text("cap_drop/0"));
            Assert.Equal("1654", Services[name].Text("user"));
        }
    }

    [Fact]
    public void Data_is_on_volumes_and_Redis_writes_its_log()
    {
        Assert.Equal("postgres-data:/var/lib/postgresql", Services["postgres"].Text("volumes/0"));
        Assert.Contains("--appendonly yes", Services["redis"].Text("command/1"), StringComparison.Ordinal);
        Assert.All(["postgres-data", "redis-data", "kafka-data", "prometheus-data", "grafana-data"], v => Assert.Contains(v, Compose.Entries("volumes").Keys));
        Assert.Equal(
            ["concertdb", "reservationdb", "paymentdb"],
            File.ReadLines(Path.Combine(Folder, "databases.sql")).Select(line => line.Split('"')[1]));
    }

    [Fact]
    public void Every_variable_has_a_line_and_every_secret_is_left_empty()
    {
        var values = Values();
        var used = File.ReadAllText(Path.Combine(Folder, "docker-compose.yaml")).Split("${").Skip(1).Select(t => t[..t.IndexOf('}', StringComparison.Ordinal)]).ToHashSet(StringComparer.Ordinal);
        Assert.Subset(values.Keys.ToHashSet(StringComparer.Ordinal), used);
        var secrets = values.Where(v => v.Key.Contains("PASSWORD", StringComparison.Ordinal) || v.Key.EndsWith("KEY", StringComparison.Ordinal) || v.Key.EndsWith("TOKEN", StringComparison.Ordinal) || v.Key.EndsWith("URL", StringComparison.Ordinal)).ToList();
        Assert.Equal(["ALERT_WEBHOOK_URL", "DASHBOARD_TOKEN", "GRAFANA_ADMIN_PASSWORD", "POSTGRES_PASSWORD", "REDIS_PASSWORD", "TOKEN_KEY"], secrets.Select(s => s.Key).Order(StringComparer.Ordinal));
        Assert.All(secrets, secret => Assert.Equal("", secret.Value));
    }

    [Fact]
    public void The_small_machine_holds_the_whole_application()
    {
        var small = Assert.Single(Yamls.Read(File.ReadAllText(Path.Combine(Folder, "docker-compose.small.yaml")))).Entries("services");
        Assert.Equal(Application, small.Keys);
        Assert.InRange(small.Values.Sum(s => decimal.Parse(s.Text("deploy/resources/limits/cpus")!, CultureInfo.InvariantCulture)), 1.8m, 2m);
        Assert.InRange(small.Values.Sum(s => int.Parse(s.Text("deploy/resources/limits/memory")!.TrimEnd('M'), CultureInfo.InvariantCulture)), 4000, 4096);
    }

    [Fact]
    public void What_is_mounted_from_the_monitoring_folder_exists()
    {
        Assert.SkipUnless(Directory.Exists(Repository.Deploy("monitoring")), "NOT CHECKED: there is no monitoring configuration yet.");
        var mounts = Services.Values.SelectMany(s => s.Items("volumes")).Select(v => v.ToString()).Where(v => v.StartsWith("${MONITORING}/", StringComparison.Ordinal));
        Assert.All(mounts, mount => Assert.True(
            Path.Exists(Path.Combine(Folder, Values()["MONITORING"], mount["${MONITORING}/".Length..mount.IndexOf(':', StringComparison.Ordinal)])), mount));
    }

    private static Dictionary<string, string> Values() =>
        File.ReadLines(Path.Combine(Folder, ".env")).Where(l => l.Contains('=', StringComparison.Ordinal) && !l.StartsWith('#'))
            .Select(l => l.Split('=', 2)).ToDictionary(p => p[0], p => p[1], StringComparer.Ordinal);

    private static string Fill(string text) => Values().Aggregate(text, (t, v) => t.Replace($"${{{v.Key}}}", v.Value, StringComparison.Ordinal));
}
