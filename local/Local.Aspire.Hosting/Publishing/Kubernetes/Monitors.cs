namespace Local.Publishing.Kubernetes;

/// <summary>What the Prometheus operator and adapter need to know of the application.</summary>
internal sealed class Monitors(Names names, MonitoringFolder monitoring)
{
    internal Map ServiceMonitor() => new(Names.Object("monitoring.coreos.com/v1", "ServiceMonitor", names.Application, Labels))
    {
        ["spec"] = new Map
        {
            // The job is called after the service, as where Prometheus is configured by hand.
            ["jobLabel"] = Names.Name,
            ["selector"] = new Map
            {
                ["matchExpressions"] = new[]
                {
                    new Map { ["key"] = Names.Component, ["operator"] = "In", ["values"] = new[] { Names.Service, Names.Simulator } },
                },
            },
            // As often as the rules look: what is down is to be noticed within seconds.
            ["endpoints"] = new[] { new Map { ["port"] = "http", ["path"] = "/metrics", ["interval"] = "5s" } },
        },
    };

    /// <summary>One object for each file of rules.</summary>
    internal IEnumerable<Map> PrometheusRules() => monitoring.RuleGroups().Select(file =>
        new Map(Names.Object("monitoring.coreos.com/v1", "PrometheusRule", $"{names.Application}-{file.File}", Labels))
        {
            ["spec"] = new Map { ["groups"] = file.Groups },
        });

    /// <summary>Values for the adapter's Helm chart: whom it asks, and the metrics that the autoscalers ask for.</summary>
    internal static Map AdapterRules(IEnumerable<ScaleSettings> scales) => new()
    {
        // The operator calls the service of every Prometheus so, whatever its chart's release is called.
        ["prometheus"] = new Map { ["url"] = $"http://prometheus-operated.{Names.MonitoringNamespace}.svc", ["port"] = 9090 },
        ["rules"] = new Map
        {
            ["default"] = false,
            ["custom"] = scales.Select(scale => new Map
            {
                ["seriesQuery"] = $"{Series(scale.Query)}{{namespace!=\"\",pod!=\"\"}}",
                ["resources"] = new Map
                {
                    ["overrides"] = new Map
                    {
                        ["namespace"] = new Map { ["resource"] = "namespace" },
                        ["pod"] = new Map { ["resource"] = "pod" },
                    },
                },
                ["name"] = new Map { ["as"] = scale.Metric },
                ["metricsQuery"] = scale.Query,
            }).ToList(),
        },
    };

    /// <summary>The series of a query: the word before its label matchers.</summary>
    internal static string Series(string query)
    {
        var end = query.IndexOf('{', StringComparison.Ordinal);
        var start = query.LastIndexOf('(', end) + 1;
        return query[start..end];
    }

    private Map Labels => new() { ["app.kubernetes.io/part-of"] = names.Application };
}
