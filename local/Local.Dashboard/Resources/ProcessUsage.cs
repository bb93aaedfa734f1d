using System.Collections.Immutable;
using System.Globalization;
using Local.Dashboard.Live;

namespace Local.Dashboard.Resources;

/// <summary>What a process and all below it take of the machine.</summary>
/// <param name="Cpu">1 is one core; null until there are two samples to compare.</param>
/// <param name="Memory">Bytes; what the processes share is counted once.</param>
public readonly record struct Usage(double? Cpu, long Memory)
{
    public static Usage operator +(Usage a, Usage b) => new(a.Cpu is null ? b.Cpu : a.Cpu + (b.Cpu ?? 0), a.Memory + b.Memory);

    public static Usage Add(Usage left, Usage right) => left + right;
}

/// <summary>CPU and memory as /proc tells them (proc(5)), without the processes' help. Reads only while somebody looks.</summary>
public sealed class ProcessUsage : IDisposable
{
    internal const string Topic = "resources";
    private const double TicksPerSecond = 100; // USER_HZ: the kernel's promise to programs, whatever its own clock does.
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(2);

    private readonly Lock _lock = new();
    private readonly IResourceView _resources;
    private readonly LiveChanges _changes;
    private readonly TimeProvider _time;
    private readonly ITimer _timer;
    private Dictionary<int, Entry> _before = [];
    private long _beforeAt;
    private ImmutableDictionary<int, Usage> _usages = ImmutableDictionary<int, Usage>.Empty;

    public ProcessUsage(IResourceView resources, LiveChanges changes, TimeProvider time)
    {
        (_resources, _changes, _time) = (resources, changes, time);
        _timer = time.CreateTimer(_ => Sample(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        changes.WatchersChanged += Follow;
    }

    public void Dispose()
    {
        _changes.WatchersChanged -= Follow;
        _timer.Dispose();
    }

    /// <summary>Null where there is no such process, or nobody looked long enough.</summary>
    public Usage? Of(int? processId) => processId is { } pid && _usages.TryGetValue(pid, out var usage) ? usage : null;

    public Usage? Of(ResourceSnapshot resource)
    {
        var known = resource.Replicas.Select(r => Of(r.ProcessId)).OfType<Usage>().ToList();
        return known.Count == 0 ? null : known.Aggregate(Usage.Add);
    }

    private void Follow(string topic)
    {
        if (topic != Topic)
            return;
        var watched = _changes.IsWatched(Topic);
        _timer.Change(watched ? TimeSpan.Zero : Timeout.InfiniteTimeSpan, watched ? Interval : Timeout.InfiniteTimeSpan);
    }

    private void Sample()
    {
        lock (_lock)
        {
            var elapsed = _time.GetElapsedTime(_beforeAt);
            // Looked at again after a pause: the time in between is nobody's question.
            var comparable = elapsed >= Interval / 4 && elapsed < Interval * 3;
            if (elapsed < Interval / 4)
                return; // A second page was opened.
            var now = ReadAll();
            var children = now.ToLookup(e => e.Value.Parent, e => e.Key);
            var usages = ImmutableDictionary.CreateBuilder<int, Usage>();
            foreach (var root in _resources.Current.SelectMany(r => r.Replicas).Select(r => r.ProcessId).OfType<int>().Append(Environment.ProcessId).Where(now.ContainsKey))
                usages[root] = Add(root == Environment.ProcessId ? [root] : Tree(root, children), now, comparable ? elapsed : null);
            _usages = usages.ToImmutable();
            (_before, _beforeAt) = (now, _time.GetTimestamp());
        }
        _changes.Raise(Topic);
    }

    private Usage Add(IEnumerable<int> pids, Dictionary<int, Entry> now, TimeSpan? elapsed)
    {
        long ticks = 0, own = 0, shared = 0;
        foreach (var pid in pids)
        {
            var entry = now[pid];
            ticks += entry.Ticks - (_before.TryGetValue(pid, out var before) ? before.Ticks : 0);
            var (resident, common) = ReadMemory(pid);
            own += resident - common;
            shared = Math.Max(shared, common);
        }
        return new Usage(elapsed is { } e ? ticks / TicksPerSecond / e.TotalSeconds : null, own + shared);
    }

    private static IEnumerable<int> Tree(int root, ILookup<int, int> children)
    {
        var open = new Stack<int>([root]);
        while (open.TryPop(out var pid))
        {
            yield return pid;
            foreach (var child in children[pid])
                open.Push(child);
        }
    }

    private static Dictionary<int, Entry> ReadAll()
    {
        var entries = new Dictionary<int, Entry>();
        foreach (var directory in Directory.EnumerateDirectories("/proc"))
        {
            // pid (comm) state ppid …; comm may hold anything, so look behind its last parenthesis. utime and stime are fields 14 and 15.
            if (int.TryParse(Path.GetFileName(directory), CultureInfo.InvariantCulture, out var pid) && Read(pid, "stat") is { Length: > 0 } stat
                && stat[(stat.LastIndexOf(')') + 1)..].Split(' ', StringSplitOptions.RemoveEmptyEntries) is { Length: > 12 } fields)
                entries[pid] = new Entry(int.Parse(fields[1], CultureInfo.InvariantCulture), long.Parse(fields[11], CultureInfo.InvariantCulture) + long.Parse(fields[12], CultureInfo.InvariantCulture));
        }
        return entries;
    }

    private static (long Resident, long Shared) ReadMemory(int pid)
    {
        var fields = Read(pid, "statm").Split(' ');
        return fields.Length < 3
            ? (0, 0)
            : (long.Parse(fields[1], CultureInfo.InvariantCulture) * Environment.SystemPageSize, long.Parse(fields[2], CultureInfo.InvariantCulture) * Environment.SystemPageSize);
    }

    private static string Read(int pid, string file)
    {
        try
        {
            return File.ReadAllText($"/proc/{pid}/{file}");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return ""; // Ended meanwhile.
        }
    }

    private readonly record struct Entry(int Parent, long Ticks);
}
