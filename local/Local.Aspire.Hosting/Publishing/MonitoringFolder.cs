using Aspire.Hosting;
using YamlDotNet.Serialization;

namespace Local.Publishing;

/// <summary>The monitoring configuration that deployments take along: files that others write, where they are found here.</summary>
internal sealed class MonitoringFolder(string root)
{
    private static readonly IDeserializer Reader = new DeserializerBuilder().WithAttemptingUnquotedStringTypeDeserialization().Build();

    /// <summary>The groups of all of Prometheus's rule files, in the files' order.</summary>
    internal IEnumerable<(string File, List<object> Groups)> RuleGroups() =>
        RuleFiles().Select(file => (Path.GetFileNameWithoutExtension(file), GroupsOf(file)));

    private IEnumerable<string> RuleFiles()
    {
        var folder = Path.Combine(root, "prometheus", "rules");
        return Directory.Exists(folder) ? Directory.GetFiles(folder, "*.yml").Order(StringComparer.Ordinal) : [];
    }

    private static List<object> GroupsOf(string file)
    {
        var content = Reader.Deserialize<Dictionary<string, object>>(File.ReadAllText(file));
        return content.GetValueOrDefault("groups") is List<object> groups
            ? groups.ConvertAll(Ordered)
            : throw new DistributedApplicationException($"{file} has no groups of rules.");
    }

    private static object Ordered(object value) => value switch
    {
        IDictionary<object, object> map => new Map(map.Select(e => KeyValuePair.Create((string)e.Key, (object?)Ordered(e.Value)))),
        IList<object> list => list.Select(Ordered).ToList(),
        _ => value,
    };
}
