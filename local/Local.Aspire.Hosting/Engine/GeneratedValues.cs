using System.Text.Json;
using Aspire.Hosting;

namespace Local.Engine;

/// <summary>Passwords and keys that were made up at the first run: a data directory remembers its password, so we must too.</summary>
internal sealed class GeneratedValues(string path)
{
    private readonly Lock _lock = new();

    internal static GeneratedValues Of(IDistributedApplicationBuilder builder) => ((DistributedApplicationBuilder)builder).State.Values;

    internal string GetOrAdd(string name, Func<string> generate)
    {
        lock (_lock)
        {
            var values = File.Exists(path) ? JsonSerializer.Deserialize<SortedDictionary<string, string>>(File.ReadAllText(path))! : [];
            if (values.TryGetValue(name, out var known))
                return known;
            values[name] = generate();
            PrivateFile.Write(path, JsonSerializer.Serialize(values));
            return values[name];
        }
    }
}
