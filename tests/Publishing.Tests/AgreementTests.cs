using System.Text.Json;
using System.Text.RegularExpressions;
using Contracts;
using Local.Processes;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using ServiceDefaults.Database;
using ServiceDefaults.Shutdown;
using ServiceDefaults.Tokens;

namespace Publishing.Tests;

/// <summary>What is written for a deployment is what the model and the code say; each side is read from where it is decided.</summary>
public sealed partial class AgreementTests
{
    private static readonly Dictionary<string, string> Projects = new(StringComparer.Ordinal)
    {
        [ResourceNames.Queue] = "Queue.Service",
        [ResourceNames.Concert] = "Concert.Service",
        [ResourceNames.Reservation] = "Reservation.Service",
        [ResourceNames.Payment] = "Payment.Service",
    };

    [Fact]
    public async Task Images_are_those_that_PublishContainer_makes_and_run_as_their_user()
    {
        var rendered = await Rendered.OverlayAsync("dev");
        string[] properties = ["ContainerBaseImage", "ContainerRepository", "ContainerImageTag", "ContainerUser"];
        var projects = Projects.Append(new(ResourceNames.PrimaryGateway, "PaymentGateway.Simulator"));
        await Parallel.ForEachAsync(projects, TestContext.Current.CancellationToken, async (project, _) =>
        {
            var file = Path.Combine(Repository.Root, project.Value, project.Value + ".csproj");
            var (code, said) = await Repository.RunAsync(new ChildCommand(Programs.DotNet, ["msbuild", file, .. properties.Select(p => "-getProperty:" + p)]));
            Assert.True(code == 0, said);
            var evaluated = JsonDocument.Parse(said).RootElement.GetProperty("Properties");
            var pod = rendered.Of("Deployment", project.Key).At("spec/template/spec")!;
            Assert.Equal($"{evaluated.GetProperty("ContainerRepository")}:{evaluated.GetProperty("ContainerImageTag")}", pod.Text("containers/0/image"));
            Assert.Equal(evaluated.GetProperty("ContainerUser").ToString(), pod.Text("securityContext/runAsUser"));
            Assert.Matches("^mcr.microsoft.com/dotnet/aspnet:10[.]0-noble-chiseled-extra$", evaluated.GetProperty("ContainerBaseImage").ToString());
        });
    }

    [Theory]
    [InlineData("prod")]
    [InlineData("prod-operators")]
    [InlineData("canary")]
    [InlineData("blue-green/green")]
    public async Task Production_gets_its_images_from_where_the_document_puts_them(string overlay)
    {
        var document = await File.ReadAllTextAsync(Path.Combine(Repository.Root, "docs", "operations", "deploy.md"), TestContext.Current.CancellationToken);
        var registry = Registry().Match(document).Groups["name"].Value;
        var rendered = await Rendered.OverlayAsync(overlay);
        Assert.All(rendered.Workloads.SelectMany(w => w.Items("spec/template/spec/containers")), container =>
            Assert.Matches($"^{registry}/concert/[a-z-]+:[0-9]", container.Text("image")!));
        // The accounts are shared by all versions that run.
        var accounts = (await Rendered.OverlayAsync("prod")).Of("ServiceAccount").Concat((await Rendered.OverlayAsync("blue-green/live")).Of("ServiceAccount")).ToList();
        Assert.Equal(2 * Projects.Count, accounts.Count);
        Assert.All(accounts, account => Assert.Contains($"create secret docker-registry {account.Text("imagePullSecrets/0/name")} ", document, StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_ingress_sends_every_path_of_customers_to_its_service_and_no_other()
    {
        var rendered = await Rendered.OverlayAsync("prod");
        var paths = rendered.Of("Ingress", "concert").Items("spec/rules/0/http/paths")
            .ToDictionary(p => p.Text("path")!, p => p.Text("backend/service/name")!, StringComparer.Ordinal);
        var used = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (service, project) in Projects)
        {
            var routes = CustomerRoutes(project);
            Assert.NotEmpty(routes);
            foreach (var route in routes)
            {
                var path = Assert.Single(paths, p => route == p.Key || route.StartsWith(p.Key + "/", StringComparison.Ordinal));
                Assert.Equal(service, path.Value);
                used.Add(path.Key);
            }
        }
        Assert.Equal(paths.Keys.Order(StringComparer.Ordinal), used.Order(StringComparer.Ordinal));
        Assert.DoesNotContain(paths.Keys, p => "/api/v1/admin".StartsWith(p, StringComparison.Ordinal) || "/internal".StartsWith(p, StringComparison.Ordinal) || "/metrics".StartsWith(p, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Pods_are_given_the_time_that_a_stopping_service_takes()
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { EnvironmentName = Environments.Production });
        builder.AddServiceDefaults();
        await using var app = builder.Build();
        var drain = app.Services.GetRequiredService<IOptions<DrainOptions>>().Value;
        var shutdown = app.Services.GetRequiredService<IOptions<HostOptions>>().Value.ShutdownTimeout;
        Assert.Equal(drain.DrainTime + drain.FinishTime, shutdown);

        var rendered = await Rendered.OverlayAsync("prod");
        foreach (var deployment in rendered.Of("Deployment"))
        {
            var pod = deployment.At("spec/template/spec")!;
            var preStop = TimeSpan.FromSeconds(pod.Number("containers/0/lifecycle/preStop/sleep/seconds"));
            Assert.True(preStop > TimeSpan.Zero);
            Assert.True(TimeSpan.FromSeconds(pod.Number("terminationGracePeriodSeconds")) > preStop + shutdown, deployment.Text("metadata/name"));
            // Not ready within the drain: the service serves on until Kubernetes knows.
            Assert.True(TimeSpan.FromSeconds(pod.Number("containers/0/readinessProbe/periodSeconds")) <= preStop + drain.DrainTime);
        }
    }

    [Fact]
    public async Task All_connections_of_two_versions_at_their_largest_fit_into_PostgreSQL()
    {
        const int reservedForOperators = 10;
        var rendered = await Rendered.OverlayAsync("dev");
        var connections = 0;
        foreach (var service in Projects.Keys.Where(name => ConfigOf(rendered, name).ContainsKey("Database__MaxPoolSize")))
        {
            var replicas = rendered.Of("HorizontalPodAutoscaler", service).Number("spec/maxReplicas") + rendered.Of("Deployment", service).Number("spec/strategy/rollingUpdate/maxSurge");
            connections += 2 * replicas * int.Parse(ConfigOf(rendered, service)["Database__MaxPoolSize"]);
        }
        var argument = rendered.Of("StatefulSet", "postgres").Items("spec/template/spec/containers/0/args").Select(a => a.ToString()).Single(a => a.StartsWith("max_connections=", StringComparison.Ordinal));
        Assert.InRange(connections + reservedForOperators, 100, int.Parse(argument.Split('=')[1]));
        var cluster = (await Rendered.OverlayAsync("prod-operators")).Of("Cluster", "postgres");
        Assert.Equal(argument.Split('=')[1], cluster.Text("spec/postgresql/parameters/max_connections"));
    }

    [Fact]
    public async Task Every_open_variable_is_one_that_the_code_reads()
    {
        // Read by .NET and by the C library, not by us.
        string[] runtime = ["ASPNETCORE_ENVIRONMENT", "ASPNETCORE_FORWARDEDHEADERS_ENABLED", "HTTP_PORTS", "POD_NAME"];
        string[] names = [.. typeof(ResourceNames).GetFields().Select(f => (string)f.GetRawConstantValue()!)];
        var rendered = await Rendered.OverlayAsync("prod");
        foreach (var service in Projects.Keys)
        {
            var own = rendered.Of("Deployment", service).Items("spec/template/spec/containers/0/env").Select(e => e.Text("name")!);
            foreach (var variable in ConfigOf(rendered, service).Keys.Concat(own).Except(runtime).Where(v => !v.StartsWith("OTEL_", StringComparison.Ordinal) && !v.StartsWith("MALLOC_", StringComparison.Ordinal)))
                Assert.True(IsRead(variable, names), $"{service}: nobody reads {variable}");
        }

        static bool IsRead(string variable, string[] names) => variable.Split("__") switch
        {
            [TokenOptions.Section, nameof(TokenOptions.ActiveKey)] or [TokenOptions.Section, nameof(TokenOptions.Keys), _] => true,
            [DatabaseOptions.Section, var option] => typeof(DatabaseOptions).GetProperty(option) is not null,
            ["ConnectionStrings", var name] => names.Contains(name, StringComparer.Ordinal),
            ["services", var name, "http", "0"] => names.Contains(name, StringComparer.Ordinal),
            _ => false,
        };
    }

    [Fact]
    public async Task The_secret_s_keys_are_those_that_the_document_makes()
    {
        var document = await File.ReadAllTextAsync(Path.Combine(Repository.Root, "docs", "operations", "deploy.md"), TestContext.Current.CancellationToken);
        var made = LiteralKey().Matches(document).Select(m => m.Groups["key"].Value).ToHashSet(StringComparer.Ordinal);
        foreach (var overlay in (string[])["dev", "prod"])
        {
            var wanted = (await Rendered.OverlayAsync(overlay)).Workloads.SelectMany(w => w.Items("spec/template/spec/containers/0/env"))
                .Where(e => e.Text("valueFrom/secretKeyRef/name") == "concert-secrets").Select(e => e.Text("valueFrom/secretKeyRef/key")!);
            Assert.Subset(made, wanted.ToHashSet(StringComparer.Ordinal));
        }
    }

    [Fact]
    public async Task The_metrics_to_scale_by_are_ones_that_the_services_tell()
    {
        var values = Assert.Single(Yamls.Read(await File.ReadAllTextAsync(Repository.Deploy("kubernetes", "prometheus-adapter-values.yaml"), TestContext.Current.CancellationToken)));
        var rules = values.Items("rules/custom");
        var asked = (await Rendered.OverlayAsync("prod")).Of("HorizontalPodAutoscaler").SelectMany(h => h.Items("spec/metrics")).Select(m => m.Text("pods/metric/name")).OfType<string>();
        Assert.Equal(asked.Order(StringComparer.Ordinal), rules.Select(r => r.Text("name/as")!).Order(StringComparer.Ordinal));

        var instruments = Directory.EnumerateFiles(Repository.Root, "*.cs", SearchOption.AllDirectories)
            .Where(f => Projects.Values.Any(p => f.StartsWith(Path.Combine(Repository.Root, p) + "/", StringComparison.Ordinal)))
            .SelectMany(f => Instrument().Matches(File.ReadAllText(f)))
            .Select(m => m.Groups["name"].Value.Replace('.', '_') + (m.Groups["kind"].Value == "Counter" ? "_total" : "")).ToHashSet(StringComparer.Ordinal);
        Assert.All(rules, rule => Assert.Contains(rule.Text("seriesQuery")!.Split('{')[0], instruments));
    }

    private static IReadOnlyDictionary<string, string> ConfigOf(Rendered rendered, string service)
    {
        var name = rendered.Of("Deployment", service).Text("spec/template/spec/containers/0/envFrom/0/configMapRef/name")!;
        return rendered.Of("ConfigMap", name).Texts("data");
    }

    // Customers' routes hang below the group of /api/v1; operators' and the services' own do not, or begin with /admin or /dev.
    private static List<string> CustomerRoutes(string project) =>
        Directory.EnumerateFiles(Path.Combine(Repository.Root, project, "Features"), "*.cs")
            .SelectMany(file => Route().Matches(File.ReadAllText(file))).Select(m => m.Groups["path"].Value)
            .Where(path => path.Split('/')[1] is not ("admin" or "dev" or "internal" or "api")).Select(path => "/api/v1" + path).ToList();

    [GeneratedRegex("""\.Map(Get|Post|Put|Delete)\("(?<path>/[^"]*)""", RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex Route();

    [GeneratedRegex("""Create(Observable)?(?<kind>Counter|UpDownCounter|Gauge)(<\w+>)?\("(?<name>[a-z._]+)""", RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex Instrument();

    [GeneratedRegex(@"-p:ContainerRegistry=(?<name>[a-z.]+)", RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex Registry();

    [GeneratedRegex("--from-literal=(?<key>[a-z-]+)=", RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex LiteralKey();
}
