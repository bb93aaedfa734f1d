using YamlDotNet.RepresentationModel;

namespace Publishing.Tests;

/// <summary>YAML documents, read by paths such as <c>spec/template/metadata/name</c>.</summary>
internal static class Yamls
{
    internal static IReadOnlyList<YamlMappingNode> Read(string text)
    {
        var stream = new YamlStream();
        stream.Load(new StringReader(text));
        return stream.Documents.Select(d => (YamlMappingNode)d.RootNode).ToList();
    }

    internal static YamlNode? At(this YamlNode? node, string path)
    {
        foreach (var key in path.Split('/'))
        {
            node = node switch
            {
                YamlMappingNode map => map.Children.TryGetValue(new YamlScalarNode(key), out var value) ? value : null,
                YamlSequenceNode list when int.TryParse(key, out var index) && index < list.Children.Count => list[index],
                _ => null,
            };
        }
        return node;
    }

    internal static string? Text(this YamlNode? node, string path) => (node.At(path) as YamlScalarNode)?.Value;

    internal static int Number(this YamlNode? node, string path) => int.Parse(node.Text(path)!);

    internal static IReadOnlyList<YamlNode> Items(this YamlNode? node, string path) => (node.At(path) as YamlSequenceNode)?.Children.ToList() ?? [];

    internal static IReadOnlyDictionary<string, YamlNode> Entries(this YamlNode? node, string path) =>
        (node.At(path) as YamlMappingNode)?.Children.ToDictionary(c => ((YamlScalarNode)c.Key).Value!, c => c.Value, StringComparer.Ordinal) ?? [];

    internal static IReadOnlyDictionary<string, string> Texts(this YamlNode? node, string path) =>
        node.Entries(path).ToDictionary(e => e.Key, e => ((YamlScalarNode)e.Value).Value!, StringComparer.Ordinal);
}
