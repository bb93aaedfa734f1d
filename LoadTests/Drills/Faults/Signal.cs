using System.Runtime.InteropServices;

namespace LoadTests.Drills;

/// <summary>Linux signals, sent to processes which are not our children.</summary>
internal enum Signal
{
    Interrupt = 2,
    Kill = 9,
    Terminate = 15,
    Continue = 18,
    Stop = 19,
}

internal static partial class Signals
{
    /// <summary>A process that is gone already is no error: that is what signals are sent for.</summary>
    public static void Send(this Signal signal, IEnumerable<int> processes)
    {
        foreach (var process in processes) _ = Kill(process, (int)signal);
    }

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Kill(int process, int signal);
}
