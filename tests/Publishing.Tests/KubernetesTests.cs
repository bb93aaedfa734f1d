using Local.Processes;
using YamlDotNet.RepresentationModel;
using YamlDotNet.Serialization;

namespace Publishing.Tests;

public sealed class KubernetesTests
{
    private static readonly string[] Services = ["queue", "concert", "reservation", "payment"];

    public static TheoryData<string> Overlays => [.. Rendered.All];

    [Theory]
    [MemberData(nameof(Overlays))]
    public async Task Kustomize_builds_it_and_what_it_names_exists(string overlay)
    {
        var rendered = await Rendered.OverlayAsync(overlay);
        Assert.Equal(rendered.Objects.Count, rendered.Objects.Select(o => (o.Text("kind"), o.Text("metadata/name"))).Distinct().Count());
        Assert.All(rendered.Objects.Where(o => o.Text("kind") != "Namespace"), o => Assert.StartsWith("concert", o.Text("metadata/namespace"), StringComparison.Ordinal));

        var maps = rendered.Of("ConfigMap").Select(o => o.Text("metadata/name")).ToHashSet();
        foreach (var workload in rendered.Workloads)
        {
            foreach (var container in workload.Items("spec/template/spec/containers"))
                Assert.All(container.Items("envFrom"), source => Assert.Contains(source.Text("configMapRef/name"), maps));
        }
        foreach (var scaler in rendered.Of("HorizontalPodAutoscaler"))
            Assert.Single(rendered.Of(scaler.Text("spec/scaleTargetRef/kind")!), d => d.Text("metadata/name") == scaler.Text("spec/scaleTargetRef/name"));
        var services = rendered.Of("Service").ToList();
        foreach (var path in rendered.Of("Ingress").SelectMany(i => i.Items("spec/rules/0/http/paths")))
        {
            var service = services.Single(s => s.Text("metadata/name") == path.Text("backend/service/name"));
            Assert.Contains(service.Items("spec/ports"), p => p.Text("name") == path.Text("backend/service/port/name"));
        }
    }

    [Theory]
    [InlineData("dev")]
    [InlineData("prod")]
    [InlineData("canary")]
    [InlineData("blue-green/blue")]
    public async Task Every_service_selects_its_pods_and_only_those(string overlay)
    {
        var rendered = await Rendered.OverlayAsync(overlay);
        foreach (var service in rendered.Of("Service"))
        {
            var selector = service.Texts("spec/selector");
            var selected = rendered.Workloads.Where(w => selector.All(s => w.Texts("spec/template/metadata/labels").GetValueOrDefault(s.Key) == s.Value)).ToList();
            Assert.Equal(service.Text("metadata/name"), Assert.Single(selected).Text("metadata/name"));
        }
    }

    [Fact]
    public async Task Pods_run_confined_within_limits_and_tell_their_health()
    {
        var rendered = await Rendered.OverlayAsync("dev");
        Assert.Equal(12, rendered.Workloads.Count());
        foreach (var workload in rendered.Workloads)
        {
            var name = workload.Text("metadata/name");
            var pod = workload.At("spec/template/spec")!;
            var container = Assert.Single(pod.Items("containers"));
            Assert.Equal("true", pod.Text("securityContext/runAsNonRoot"));
            Assert.Equal("RuntimeDefault", pod.Text("securityContext/seccompProfile/type"));
            Assert.Equal("false", pod.Text("automountServiceAccountToken"));
            Assert.Equal("false", container.Text("securityContext/allowPrivilegeEscalation"));
            Assert.Equal("ALL", container.Text("securityContext/capabilities/drop/0"));
            // Kafka's image writes its configuration beside its program.
            Assert.Equal(name == "kafka" ? "false" : "true", container.Text("securityContext/readOnlyRootFilesystem"));
            Assert.All(["cpu", "memory"], what => Assert.NotNull(container.Text($"resources/limits/{what}")));
            Assert.All(["cpu", "memory"], what => Assert.NotNull(container.Text($"resources/requests/{what}")));
            Assert.Matches(@":[0-9][^:/]*$", container.Text("image")!);
            if (workload.Text("kind") != "Job")
                Assert.All(["startupProbe", "readinessProbe", "livenessProbe"], probe => Assert.NotNull(container.At(probe)));
        }
    }

    [Fact]
    public async Task Each_service_has_its_objects_and_rolls_without_a_gap()
    {
        var rendered = await Rendered.OverlayAsync("prod");
        foreach (var name in Services)
        {
            Assert.All(
                ["Deployment", "Service", "HorizontalPodAutoscaler", "PodDisruptionBudget", "NetworkPolicy", "ServiceAccount"],
                kind => Assert.NotNull(rendered.Of(kind, name)));
            var spec = rendered.Of("Deployment", name).At("spec")!;
            Assert.Equal("0", spec.Text("strategy/rollingUpdate/maxUnavailable"));
            Assert.Equal(2, spec.Items("template/spec/topologySpreadConstraints").Count);
            var metrics = rendered.Of("HorizontalPodAutoscaler", name).Items("spec/metrics");
            Assert.Equal(["Resource", "Pods"], metrics.Select(m => m.Text("type")));
            Assert.True(rendered.Of("HorizontalPodAutoscaler", name).Number("spec/minReplicas") >= 2);
        }
        Assert.Equal(["concert-schema", "payment-schema", "reservation-schema"], rendered.Of("Job").Select(j => j.Text("metadata/name")!).Order(StringComparer.Ordinal));
        Assert.Single(rendered.Of("ServiceMonitor"));
        var rules = Repository.Deploy("monitoring", "prometheus", "rules");
        Assert.Equal(Directory.Exists(rules) ? Directory.GetFiles(rules, "*.yml").Length : 0, rendered.Of("PrometheusRule").Count());
        Assert.Equal(rendered.Of("Ingress", "concert").Text("spec/rules/0/host"), rendered.Of("Ingress", "concert").Text("spec/tls/0/hosts/0"));
    }

    [Fact]
    public async Task Nobody_is_let_in_but_those_who_call()
    {
        var rendered = await Rendered.OverlayAsync("dev");
        Assert.Equal(["reservation"], CallersOf("concert"));
        Assert.Equal(["payment"], CallersOf("gateway-primary"));
        Assert.Equal(["concert", "concert-schema", "payment", "payment-schema", "reservation", "reservation-schema"], CallersOf("postgres"));
        Assert.Equal(["queue", "reservation"], CallersOf("redis"));
        Assert.Equal(["concert", "payment", "queue", "reservation"], CallersOf("kafka"));
        Assert.Equal(["Ingress", "Egress"], rendered.Of("NetworkPolicy", "default-deny").Items("spec/policyTypes").Select(t => t.ToString()));
        Assert.All(rendered.Workloads, w => Assert.Equal("concert", w.Texts("spec/template/metadata/labels")["app.kubernetes.io/part-of"]));

        IEnumerable<string> CallersOf(string name) => rendered.Of("NetworkPolicy", name).Items("spec/ingress").SelectMany(rule => rule.Items("from"))
            .Select(peer => peer.Texts("podSelector/matchLabels").GetValueOrDefault("app.kubernetes.io/name")).OfType<string>().Order(StringComparer.Ordinal);
    }

    [Fact]
    public async Task Every_pod_may_ask_for_names_and_every_service_send_its_telemetry_and_be_scraped()
    {
        foreach (var overlay in (string[])["dev", "prod"])
        {
            var rendered = await Rendered.OverlayAsync(overlay);
            var dns = rendered.Of("NetworkPolicy", "allow-dns");
            Assert.Equal(["53 UDP", "53 TCP"], dns.Items("spec/egress/0/ports").Select(p => $"{p.Text("port")} {p.Text("protocol")}"));
            Assert.All(rendered.Workloads, w => Assert.Subset(w.Texts("spec/template/metadata/labels").ToHashSet(), dns.Texts("spec/podSelector/matchLabels").ToHashSet()));
            foreach (var deployment in rendered.Of("Deployment"))
            {
                var name = deployment.Text("metadata/name")!;
                var policy = rendered.Of("NetworkPolicy", name);
                var config = rendered.Of("ConfigMap", deployment.Text("spec/template/spec/containers/0/envFrom/0/configMapRef/name")!).Texts("data");
                var collector = new Uri(config["OTEL_EXPORTER_OTLP_ENDPOINT"]);
                Assert.Contains(policy.Items("spec/egress"), rule => NamespaceOf(rule.At("to/0")) == collector.Host.Split('.')[1] && rule.Text("ports/0/port") == $"{collector.Port}");
                var ingress = Assert.Single(policy.Items("spec/ingress"));
                Assert.Contains(ingress.Items("from"), peer => NamespaceOf(peer) == "monitoring");
                Assert.Equal(deployment.Text("spec/template/spec/containers/0/ports/0/containerPort"), ingress.Text("ports/0/port"));
            }
        }

        static string? NamespaceOf(YamlNode? peer) => peer?.Texts("namespaceSelector/matchLabels").GetValueOrDefault("kubernetes.io/metadata.name");
    }

    [Fact]
    public async Task What_is_read_only_has_somewhere_to_write_and_mounts_only_what_it_has()
    {
        foreach (var overlay in Rendered.All)
        {
            foreach (var workload in (await Rendered.OverlayAsync(overlay)).Workloads)
            {
                var pod = workload.At("spec/template/spec")!;
                var volumes = pod.Items("volumes").Concat(workload.Items("spec/volumeClaimTemplates").Select(t => t.At("metadata")!)).Select(v => v.Text("name")!).ToList();
                var mounts = pod.Items("containers/0/volumeMounts");
                Assert.Equal(volumes.Order(StringComparer.Ordinal), mounts.Select(m => m.Text("name")!).Order(StringComparer.Ordinal));
                if (pod.Text("containers/0/securityContext/readOnlyRootFilesystem") == "true")
                    Assert.Contains(mounts, m => m.Text("mountPath") == "/tmp");
            }
        }
    }

    [Fact]
    public async Task A_budget_lets_nodes_be_drained_whatever_the_number_of_replicas()
    {
        foreach (var overlay in (string[])["prod", "canary", "blue-green/blue"])
        {
            var rendered = await Rendered.OverlayAsync(overlay);
            foreach (var budget in rendered.Of("PodDisruptionBudget"))
            {
                Assert.Equal("1", budget.Text("spec/maxUnavailable"));
                Assert.Equal(rendered.Of("Deployment", budget.Text("metadata/name")!).Texts("spec/selector/matchLabels"), budget.Texts("spec/selector/matchLabels"));
            }
        }
    }

    [Fact]
    public async Task Inside_the_cluster_connection_strings_are_made_of_what_stands_before_them()
    {
        var rendered = await Rendered.OverlayAsync("dev");
        var seen = 0;
        foreach (var container in rendered.Workloads.SelectMany(w => w.Items("spec/template/spec/containers")))
        {
            var before = new HashSet<string>(StringComparer.Ordinal);
            foreach (var variable in container.Items("env"))
            {
                var value = variable.Text("value") ?? "";
                foreach (var used in value.Split("$(").Skip(1).Select(t => t[..t.IndexOf(')', StringComparison.Ordinal)]))
                {
                    Assert.Contains(used, before);
                    seen++;
                }
                Assert.False(variable.At("value") is not null && variable.At("valueFrom") is not null, variable.Text("name"));
                before.Add(variable.Text("name")!);
            }
        }
        Assert.True(seen >= 10);
        Assert.Equal("redis:6379,password=$(REDIS_PASSWORD)", rendered.Of("Deployment", "queue").Items("spec/template/spec/containers/0/env").Single(e => e.Text("name") == "ConnectionStrings__redis").Text("value"));
    }

    [Fact]
    public async Task No_secret_is_written_anywhere()
    {
        foreach (var overlay in Rendered.All)
        {
            var rendered = await Rendered.OverlayAsync(overlay);
            Assert.Empty(rendered.Of("Secret"));
            var plain = rendered.Of("ConfigMap").SelectMany(m => m.Texts("data")).Concat(rendered.Workloads
                .SelectMany(w => w.Items("spec/template/spec/containers/0/env")).Where(e => e.Text("value") is not null)
                .Select(e => KeyValuePair.Create(e.Text("name")!, e.Text("value")!)));
            foreach (var (name, value) in plain)
            {
                Assert.DoesNotMatch("(?i)(password|token-?key|Keys__)", name);
                // A password may be spelt only as a variable that comes from the Secret.
                Assert.DoesNotMatch(@"(?i)password=(?!\$\()", value);
            }
        }
    }

    [Fact]
    public async Task Two_versions_side_by_side_have_names_and_pods_of_their_own()
    {
        var stable = await Rendered.OverlayAsync("prod");
        var canary = await Rendered.OverlayAsync("canary");
        var blue = await Rendered.OverlayAsync("blue-green/blue");
        var green = await Rendered.OverlayAsync("blue-green/green");
        var live = await Rendered.OverlayAsync("blue-green/live");
        Assert.Empty(Names(stable).Intersect(Names(canary)));
        Assert.Empty(Names(blue).Intersect(Names(green)));

        Assert.Equal("canary", canary.Of("Deployment", "queue-canary").Text("spec/selector/matchLabels/track"));
        Assert.Equal("stable", stable.Of("Service", "queue").Text("spec/selector/track"));
        Assert.Equal("10", canary.Of("Ingress").Single().Texts("metadata/annotations")["nginx.ingress.kubernetes.io/canary-weight"]);
        Assert.Equal("queue-canary", canary.Of("Ingress").Single().Text("spec/rules/0/http/paths/0/backend/service/name"));
        Assert.All(Services, name => Assert.Equal("blue", live.Of("Service", name).Text("spec/selector/track")));
        Assert.All(Services, name => Assert.Equal("blue", blue.Of("Deployment", name + "-blue").Texts("spec/template/metadata/labels")["track"]));
        // The colours share accounts and policies: both are in live, none in a colour.
        Assert.Empty(blue.Of("NetworkPolicy"));
        Assert.All(Services, name => Assert.NotNull(live.Of("ServiceAccount", name)));

        static IEnumerable<string> Names(Rendered rendered) => rendered.Objects.Select(o => $"{o.Text("kind")}/{o.Text("metadata/name")}");
    }

    [Fact]
    public async Task The_api_s_schemas_accept_every_object()
    {
        var folder = await SchemasAsync();
        var reader = new DeserializerBuilder().WithAttemptingUnquotedStringTypeDeserialization().Build();
        var writer = new SerializerBuilder().JsonCompatible().Build();
        var objects = new List<object?>();
        foreach (var overlay in Rendered.All)
        {
            foreach (var document in (await Rendered.OverlayAsync(overlay)).Objects)
            {
                var text = new StringWriter();
                new YamlStream(new YamlDocument(document)).Save(text, assignAnchors: false);
                objects.Add(reader.Deserialize(text.ToString()));
            }
        }
        var input = Path.Combine(folder, "objects.json");
        await File.WriteAllTextAsync(input, writer.Serialize(objects), TestContext.Current.CancellationToken);
        var (code, said) = await Repository.RunAsync(new ChildCommand("/bin/sh", "-c", "exec node validate.mjs < objects.json") { WorkingDirectory = folder });
        Assert.True(code == 0, said);
    }

    /// <summary>The schemas, in a folder that the next run finds again.</summary>
    private static async Task<string> SchemasAsync()
    {
        Assert.SkipWhen(Programs.OnPath("npm") is null || Programs.OnPath("node") is null, "NOT CHECKED against the API's schemas: node and npm are not on this machine.");
        var folder = Path.Combine(Repository.Root, "artifacts", "kubernetes-schemas");
        Directory.CreateDirectory(folder);
        foreach (var file in Directory.GetFiles(Path.Combine(Repository.Root, "tests", "Publishing.Tests", "schemas")))
            File.Copy(file, Path.Combine(folder, Path.GetFileName(file)), overwrite: true);
        if (!Directory.Exists(Path.Combine(folder, "node_modules", "kubernetes-models")))
        {
            var (code, said) = await Repository.RunAsync(
                new ChildCommand(Programs.OnPath("npm")!, "ci", "--ignore-scripts", "--no-audit", "--no-fund") { WorkingDirectory = folder });
            Assert.SkipWhen(code != 0, $"NOT CHECKED against the API's schemas: npm could not get them.\n{said}");
        }
        return folder;
    }
}
