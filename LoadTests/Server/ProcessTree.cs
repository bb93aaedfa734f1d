using System.Globalization;

namespace LoadTests.Server;

/// <summary>CPU time, memory and threads of a process and all its descendants, from /proc: PostgreSQL works in children of its own.</summary>
internal static class ProcessTree
{
    private static readonly double TicksPerSecond = 100; // USER_HZ, fixed by Linux's ABI on every platform .NET runs on.
    private static readonly int PageSize = Environment.SystemPageSize;

    internal readonly record struct Usage(double CpuSeconds, long ResidentBytes, int Threads);

    public static IReadOnlyDictionary<int, Usage> Measure(IReadOnlyCollection<int> roots)
    {
        var all = ReadAll();
        var parents = all.ToDictionary(p => p.Key, p => p.Value.Parent);
        var sums = roots.ToDictionary(root => root, _ => new Usage());
        foreach (var (pid, process) in all)
        {
            for (var at = pid; at > 1; at = parents.GetValueOrDefault(at))
            {
                if (!sums.TryGetValue(at, out var sum)) continue;
                sums[at] = new Usage(sum.CpuSeconds + process.CpuSeconds, sum.ResidentBytes + process.ResidentBytes, sum.Threads + process.Threads);
                break;
            }
        }
        return sums;
    }

    /// <summary>The processes with their children, and theirs.</summary>
    public static IReadOnlyList<int> WithDescendants(IEnumerable<int> roots)
    {
        var children = ReadAll().ToLookup(p => p.Value.Parent, p => p.Key);
        var all = new List<int>(roots);
        for (var i = 0; i < all.Count; i++) all.AddRange(children[all[i]]);
        return all;
    }

    private static Dictionary<int, Entry> ReadAll()
    {
        var all = new Dictionary<int, Entry>();
        foreach (var folder in Directory.EnumerateDirectories("/proc"))
        {
            if (int.TryParse(Path.GetFileName(folder), CultureInfo.InvariantCulture, out var pid) && TryRead(folder, out var entry)) all[pid] = entry;
        }
        return all;
    }

    private static bool TryRead(string folder, out Entry entry)
    {
        entry = default;
        try
        {
            var stat = File.ReadAllText(Path.Combine(folder, "stat"));
            // The command name stands in brackets and may hold anything: the fields that count start after it.
            var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
            var cpuTicks = Long(fields[11]) + Long(fields[12]) + Long(fields[13]) + Long(fields[14]);
            entry = new Entry((int)Long(fields[1]), cpuTicks / TicksPerSecond, ResidentOwnBytes(folder), (int)Long(fields[17]));
            return true;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or IndexOutOfRangeException)
        {
            return false; // It ended while we looked.
        }
    }

    /// <summary>Resident memory less what is shared: PostgreSQL's children all map the same buffers, which must not be counted once for each.</summary>
    private static long ResidentOwnBytes(string folder)
    {
        var pages = File.ReadAllText(Path.Combine(folder, "statm")).Split(' ');
        return (Long(pages[1]) - Long(pages[2])) * PageSize;
    }

    private static long Long(string text) => long.Parse(text, CultureInfo.InvariantCulture);

    private readonly record struct Entry(int Parent, double CpuSeconds, long ResidentBytes, int Threads);
}
