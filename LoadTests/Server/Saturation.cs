using LoadTests.Results;

namespace LoadTests.Server;

/// <summary>Names the resource that reached its limit first.</summary>
internal static class Saturation
{
    private const double Full = 0.9;
    private const int SecondsInARow = 3;

    public static string? First(IReadOnlyList<ServerSample> samples, int cores)
    {
        var candidates = new List<(double Second, string What)>();
        Consider(candidates, samples, s => Sum(s, "CPU %") / (100.0 * cores) >= Full, s => $"the machine's CPU ({Sum(s, "CPU %"):0} % of {cores * 100} %, most of it {Largest(s, "CPU %")})");
        foreach (var name in samples.SelectMany(s => s.Values.Keys).Where(k => k.StartsWith("CPU %: ", StringComparison.Ordinal)).Distinct(StringComparer.Ordinal))
        {
            var process = name["CPU %: ".Length..];
            // Redis works on one thread: a whole core is its limit.
            if (process == "redis") Consider(candidates, samples, s => s.Values.GetValueOrDefault(name) >= 95, _ => "Redis' one thread");
        }
        Consider(candidates, samples, s => Sum(s, "requests refused") > 0, s => $"load shedding ({Largest(s, "requests refused")} refused requests)");
        Consider(candidates, samples, s => s.Values.GetValueOrDefault("PostgreSQL waits: waiting for a lock") >= 10, _ => "row locks in PostgreSQL");
        return candidates.Count == 0 ? null : candidates.MinBy(c => c.Second) is var first ? $"{first.What}, from second {first.Second:0} on" : null;
    }

    private static void Consider(List<(double, string)> into, IReadOnlyList<ServerSample> samples, Func<ServerSample, bool> isFull, Func<ServerSample, string> describe)
    {
        for (var i = 0; i + SecondsInARow <= samples.Count; i++)
        {
            if (!samples.Skip(i).Take(SecondsInARow).All(isFull)) continue;
            into.Add((samples[i].Second, describe(samples[i])));
            return;
        }
    }

    private static double Sum(ServerSample sample, string group) => sample.Values.Where(v => v.Key.StartsWith($"{group}: ", StringComparison.Ordinal)).Sum(v => v.Value);

    private static string Largest(ServerSample sample, string group) =>
        sample.Values.Where(v => v.Key.StartsWith($"{group}: ", StringComparison.Ordinal)).MaxBy(v => v.Value).Key[(group.Length + 2)..];
}
