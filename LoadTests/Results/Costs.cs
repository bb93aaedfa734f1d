using LoadTests.Server;

namespace LoadTests.Results;

/// <summary>What each process spent on the run.</summary>
internal static class Costs
{
    public static ProcessCost[] Between(
        IReadOnlyDictionary<string, ProcessTree.Usage> before, IReadOnlyDictionary<string, ProcessTree.Usage> after, IReadOnlyList<ServerSample> samples, int visits) =>
    [
        .. after.Where(a => before.ContainsKey(a.Key)).Select(a =>
        {
            var cpu = Math.Max(0, a.Value.CpuSeconds - before[a.Key].CpuSeconds);
            var peak = samples.Select(s => s.Values.GetValueOrDefault($"memory MB: {a.Key}")).Append(a.Value.ResidentBytes / 1e6).Max();
            return new ProcessCost(a.Key, cpu, 1_000 * cpu / Math.Max(1, visits), peak);
        }).OrderByDescending(c => c.CpuSeconds),
    ];
}
