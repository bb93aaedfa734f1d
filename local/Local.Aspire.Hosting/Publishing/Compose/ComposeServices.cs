using System.Globalization;
using Aspire.Hosting.ApplicationModel;
using Local.Publishing.Images;
using Local.Publishing.Model;

namespace Local.Publishing.Compose;

/// <summary>The application's own containers.</summary>
internal sealed class ComposeServices(PublishSettings settings, EnvironmentFile environment)
{
    internal static readonly string[] NoNewPrivileges = ["no-new-privileges:true"];

    private readonly ComposeExpressions _expressions = new();

    internal List<KeyValuePair<string, object?>> Of(IEnumerable<Workload> workloads) =>
        workloads.Select(w => KeyValuePair.Create(w.Name, (object?)Service(w))).ToList();

    internal static Map Limits(decimal cpus, int memoryMiB) => new()
    {
        ["resources"] = new Map
        {
            // Text, as the compose specification wants it.
            ["limits"] = new Map { ["cpus"] = cpus.ToString("0.00", CultureInfo.InvariantCulture), ["memory"] = $"{memoryMiB}M" },
        },
    };

    private Map Service(Workload workload) => new()
    {
        ["image"] = Image(workload),
        ["entrypoint"] = NullIfEmpty(workload.Image.Entrypoint.Select(ComposeExpressions.Escape)),
        ["command"] = NullIfEmpty(workload.Image.Arguments.Select(ComposeExpressions.Escape)),
        ["environment"] = Environment(workload),
        ["expose"] = NullIfEmpty(workload.Ports.Where(p => !p.IsExternal).Select(p => p.Number.ToString(CultureInfo.InvariantCulture))),
        ["ports"] = NullIfEmpty(workload.Ports.Where(p => p.IsExternal).Select(p => $"{p.HostPort ?? p.Number}:{p.Number}")),
        ["depends_on"] = workload.WaitsFor.Count == 0 ? null : Healthy(workload.WaitsFor),
        ["healthcheck"] = HealthCheck(workload),
        ["volumes"] = NullIfEmpty(Volumes(workload)),
        ["user"] = workload.IsService ? workload.Image.User.ToString(CultureInfo.InvariantCulture) : null,
        ["read_only"] = workload.Image.ScratchFolders is null || !workload.IsService ? null : true,
        ["tmpfs"] = workload.IsService ? NullIfEmpty(workload.Image.ScratchFolders ?? []) : null,
        ["cap_drop"] = workload.IsService ? new[] { "ALL" } : null,
        ["security_opt"] = NoNewPrivileges,
        ["restart"] = "unless-stopped",
        ["stop_grace_period"] = workload.IsService ? $"{settings.Shutdown.GraceSeconds}s" : "60s",
        ["deploy"] = Limits(workload.Settings.Cpus, workload.Settings.MemoryMiB),
    };

    private string Image(Workload workload)
    {
        if (!workload.IsService)
            return workload.Image.Name;
        var variable = ComposeExpressions.VariableOf(workload.Name) + "_IMAGE";
        environment.Add(variable, workload.Image.Name, $"Container image of {workload.Name}");
        return ComposeExpressions.Placeholder(variable);
    }

    private Map Environment(Workload workload)
    {
        var map = new Map();
        foreach (var (name, value) in workload.Environment.Concat(workload.IsService ? Telemetry.Of(workload.Name, Telemetry.Collector) : []))
        {
            environment.AddParametersOf(value);
            map[name] = _expressions.Render(value);
        }
        return map;
    }

    private static Map HealthCheck(Workload workload) => new()
    {
        ["test"] = workload.ProjectPath is { } project
            ? ServiceImages.HealthCommand(project, workload.Probe(ProbeType.Readiness).Port, workload.Probe(ProbeType.Readiness).Path)
            : ["CMD-SHELL", ComposeExpressions.Escape(workload.Image.HealthCommand!)],
        ["interval"] = "10s",
        ["timeout"] = "5s",
        ["retries"] = 6,
        ["start_period"] = "60s",
    };

    private static Map Healthy(IEnumerable<string> names) =>
        new(names.Select(n => KeyValuePair.Create(n, (object?)new Map { ["condition"] = "service_healthy" })));

    private static IEnumerable<string> Volumes(Workload workload)
    {
        foreach (var volume in workload.Volumes)
            yield return $"{workload.Name}-data:{volume.Path}{(volume.IsReadOnly ? ":ro" : "")}";
        if (workload.Databases.Count > 0)
            yield return $"./{ComposeTarget.DatabasesFile}:{workload.Image.InitFolder}/{ComposeTarget.DatabasesFile}:ro";
    }

    private static List<string>? NullIfEmpty(IEnumerable<string> items) => items.ToList() is { Count: > 0 } list ? list : null;
}
