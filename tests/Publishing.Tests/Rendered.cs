using System.Collections.Concurrent;
using Local.Processes;
using YamlDotNet.RepresentationModel;

namespace Publishing.Tests;

/// <summary>An overlay as kustomize builds it.</summary>
internal sealed record Rendered(string Text, IReadOnlyList<YamlMappingNode> Objects)
{
    internal static string[] All { get; } =
        ["dev", "prod", "prod-operators", "canary", "blue-green/blue", "blue-green/green", "blue-green/live"];

    private static readonly ConcurrentDictionary<string, Lazy<Task<Rendered>>> Built = new(StringComparer.Ordinal);

    internal static Task<Rendered> OverlayAsync(string overlay) => Built.GetOrAdd(overlay, name => new(() => BuildAsync(name))).Value;

    private static async Task<Rendered> BuildAsync(string overlay)
    {
        var kubectl = await Tool.RequireAsync("kubectl", "kubernetes-client");
        var (code, text) = await Repository.RunAsync(new ChildCommand(kubectl, "kustomize", Repository.Deploy("kubernetes", "overlays", overlay)));
        Assert.True(code == 0, $"{overlay}: {text}");
        return new(text, Yamls.Read(text));
    }

    internal IEnumerable<YamlMappingNode> Of(string kind) => Objects.Where(o => o.Text("kind") == kind);

    internal YamlMappingNode Of(string kind, string name) => Of(kind).Single(o => o.Text("metadata/name") == name);

    /// <summary>What runs pods: deployments, stateful sets, jobs.</summary>
    internal IEnumerable<YamlMappingNode> Workloads => Objects.Where(o => o.At("spec/template/spec/containers") is not null);
}
