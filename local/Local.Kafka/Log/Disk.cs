using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Local.Kafka.Log;

/// <summary>
/// Everything that must outlive a power cut goes through here. A flushed file may still be missing afterwards: that it was
/// created, or took another's name, is written in its folder, which is flushed on its own.
/// </summary>
internal partial class Disk(FlushPolicy policy)
{
    private const int ReadOnly = 0;

    /// <summary>Whether what was appended is flushed before it is acknowledged.</summary>
    public bool FlushesEach => policy == FlushPolicy.Each;

    public virtual void Flush(SafeFileHandle file, string path) => RandomAccess.FlushToDisk(file);

    public virtual void FlushFolder(string path)
    {
        if (OperatingSystem.IsWindows()) return; // NTFS keeps its folders in order by itself
        var folder = Open(path, ReadOnly);
        if (folder < 0) throw new IOException($"{path} cannot be opened: error {Marshal.GetLastPInvokeError()}.");
        var flushed = Synchronize(folder);
        var error = Marshal.GetLastPInvokeError();
        _ = Close(folder);
        if (flushed < 0) throw new IOException($"{path} cannot be flushed: error {error}.");
    }

    // .NET opens no folders.
    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    private static partial int Synchronize(int file);

    [LibraryImport("libc", EntryPoint = "close")]
    private static partial int Close(int file);
}
