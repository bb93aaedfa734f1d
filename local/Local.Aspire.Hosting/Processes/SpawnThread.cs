using System.Collections.Concurrent;

namespace Local.Processes;

/// <summary>
/// The one thread that starts children. The kernel sends PR_SET_PDEATHSIG when the *thread* that forked ends, and pool threads
/// come and go: children started from one would be killed at random. This one lives as long as the process.
/// </summary>
internal static class SpawnThread
{
    private static readonly BlockingCollection<Action> Work = [];

    static SpawnThread() => new Thread(Loop) { IsBackground = true, Name = "spawn" }.Start();

    internal static T Run<T>(Func<T> start)
    {
        var result = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        Work.Add(() =>
        {
            try
            {
                result.SetResult(start());
            }
            catch (Exception e)
            {
                result.SetException(e);
            }
        });
        // Starting a process blocks its caller anyway; here another thread does it in the caller's place.
        return result.Task.GetAwaiter().GetResult();
    }

    private static void Loop()
    {
        foreach (var start in Work.GetConsumingEnumerable())
            start();
    }
}
