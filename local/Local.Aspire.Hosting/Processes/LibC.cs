using System.Runtime.InteropServices;

namespace Local.Processes;

/// <summary>The few system calls that .NET has no name for.</summary>
internal static partial class LibC
{
    [LibraryImport("libc", EntryPoint = "kill")]
    internal static partial int Kill(int pid, int signal);

    [LibraryImport("libc", EntryPoint = "geteuid")]
    internal static partial uint EffectiveUser();

    [LibraryImport("libc", EntryPoint = "getppid")]
    internal static partial int ParentProcess();

    internal static bool IsRoot => EffectiveUser() == 0;
}
