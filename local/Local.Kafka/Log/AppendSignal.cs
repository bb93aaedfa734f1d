namespace Local.Kafka.Log;

/// <summary>Wakes one waiting fetch when any of the partitions that it watches has grown, or its time is over.</summary>
internal sealed class AppendSignal
{
    private volatile TaskCompletionSource source = NewSource();

    public Task Task => source.Task;

    public void Set() => source.TrySetResult();

    public void Reset()
    {
        if (source.Task.IsCompleted) source = NewSource();
    }

    private static TaskCompletionSource NewSource() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
