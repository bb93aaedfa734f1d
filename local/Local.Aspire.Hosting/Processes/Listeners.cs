using System.Globalization;

namespace Local.Processes;

/// <summary>A process that listens on a port.</summary>
internal sealed record Listener(int Pid, string CommandLine)
{
    /// <summary>Its parent is gone: a child of an AppHost that was killed, on its own way out.</summary>
    public bool Dying => ProcessTable.Parent(Pid) == 1 && CommandLine.Contains("postgres", StringComparison.Ordinal);

    public override string ToString() => $"process {Pid} ({(CommandLine.Length > 100 ? CommandLine[..100] + "…" : CommandLine)})";
}

internal static class Listeners
{
    private const string ListenState = "0A";
    private static readonly string[] Tables = ["/proc/net/tcp", "/proc/net/tcp6"];

    /// <summary>/proc/net/tcp names a socket's inode, /proc/&lt;pid&gt;/fd the inodes a process holds (proc(5)).</summary>
    internal static Listener? HolderOf(int port)
    {
        var suffix = ":" + port.ToString("X4", CultureInfo.InvariantCulture);
        var inodes = Tables
            .Where(File.Exists)
            .SelectMany(table => File.ReadLines(table).Skip(1))
            .Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            .Where(f => f.Length > 9 && f[3] == ListenState && f[1].EndsWith(suffix, StringComparison.Ordinal))
            .Select(f => $"socket:[{f[9]}]")
            .ToHashSet(StringComparer.Ordinal);
        if (inodes.Count == 0)
            return null;
        var pid = ProcessTable.Pids().FirstOrDefault(pid => OpenFiles(pid).Any(inodes.Contains));
        return pid == 0 ? null : new Listener(pid, ProcessTable.CommandLine(pid));
    }

    private static List<string> OpenFiles(int pid)
    {
        try
        {
            return Directory.EnumerateFileSystemEntries($"/proc/{pid}/fd").Select(f => new FileInfo(f).LinkTarget ?? "").ToList();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return []; // Ended meanwhile, or another user's.
        }
    }
}
