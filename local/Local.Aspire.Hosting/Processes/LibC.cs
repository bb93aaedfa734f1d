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

    /// <summary>
    /// Makes this process hear Ctrl-C although whoever started it had it ignored, as a shell does for what it starts in the
    /// background: .NET leaves an ignored SIGINT ignored.
    /// </summary>
    internal static void HearInterrupts() => Signal(InterruptSignal, DefaultAction);

    [LibraryImport("libc", EntryPoint = "signal")]
    private static partial nint Signal(int signal, nint action);

    private const int InterruptSignal = 2;
    private const nint DefaultAction = 0;

    internal static bool IsRoot => EffectiveUser() == 0;
}
