using System.Globalization;

namespace Local.Processes;

/// <summary>What /proc says about running processes.</summary>
internal static class ProcessTable
{
    /// <summary>Children, their children, and so on.</summary>
    internal static IReadOnlyList<int> Descendants(int root)
    {
        var children = Pids().Select(pid => (Pid: pid, Parent: Parent(pid))).ToLookup(p => p.Parent, p => p.Pid);
        var found = new List<int>();
        var open = new Stack<int>([root]);
        while (open.TryPop(out var parent))
        {
            foreach (var child in children[parent])
            {
                found.Add(child);
                open.Push(child);
            }
        }
        return found;
    }

    internal static IEnumerable<int> Pids() =>
        Directory.EnumerateDirectories("/proc")
            .Select(d => int.TryParse(Path.GetFileName(d), CultureInfo.InvariantCulture, out var pid) ? pid : 0)
            .Where(pid => pid > 0);

    internal static string CommandLine(int pid) => Read(pid, "cmdline").Replace('\0', ' ').Trim();

    internal static int Parent(int pid)
    {
        // pid (comm) state ppid …: comm may hold spaces and parentheses, so look behind the last one (proc(5)).
        var stat = Read(pid, "stat");
        var fields = stat[(stat.LastIndexOf(')') + 1)..].Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return fields.Length > 1 ? int.Parse(fields[1], CultureInfo.InvariantCulture) : -1;
    }

    private static string Read(int pid, string file)
    {
        try
        {
            return File.ReadAllText($"/proc/{pid}/{file}");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }
}
