using System.Globalization;
using Aspire.Hosting;

namespace Local.Engine;

/// <summary>Everything a system keeps between two runs, and what keeps two runs apart.</summary>
internal sealed class StateFolder(string root) : IDisposable
{
    private const string LockFile = "lock";

    private FileStream? _lock;

    internal string Root { get; } = root;

    internal GeneratedValues Values { get; } = new(Path.Combine(root, "parameters.json"));

    internal string Data(string resource) => Path.Combine(Root, resource);

    internal string Log(string instance) => Path.Combine(Root, "logs", instance + ".log");

    /// <summary>One application at a time. The lock is the kernel's (flock), so a dead owner's is gone with it.</summary>
    internal void Lock(bool reset)
    {
        Directory.CreateDirectory(Root);
        var path = Path.Combine(Root, LockFile);
        try
        {
            _lock = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException e)
        {
            throw new DistributedApplicationException(
                $"Another AppHost{Owner} uses the state folder {Root}. Stop it first, or start this one with --state <another folder> --free-ports.", e);
        }
        if (reset)
            Empty();
        File.WriteAllText(OwnerFile, Environment.ProcessId.ToString(CultureInfo.InvariantCulture));
    }

    public void Dispose() => _lock?.Dispose();

    private void Empty()
    {
        foreach (var directory in Directory.GetDirectories(Root))
            Directory.Delete(directory, recursive: true);
        foreach (var file in Directory.GetFiles(Root).Where(f => Path.GetFileName(f) != LockFile))
            File.Delete(file);
    }

    // Beside the lock: whoever may not take the lock may not read the locked file either.
    private string OwnerFile => Path.Combine(Root, "owner");

    private string Owner => File.Exists(OwnerFile) ? $" (process {File.ReadAllText(OwnerFile)})" : "";
}
