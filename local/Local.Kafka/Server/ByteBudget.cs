namespace Local.Kafka.Server;

/// <summary>
/// What all large requests together may occupy. Who does not get its share waits in line, unread, so that senders feel
/// the pressure through TCP instead of the process growing.
/// </summary>
internal sealed class ByteBudget(int total)
{
    private readonly Lock gate = new();
    private readonly Queue<(int Bytes, TaskCompletionSource Turn)> line = new();
    private int free = total;

    public Task ReserveAsync(int bytes)
    {
        lock (gate)
        {
            if (line.Count == 0 && free >= bytes)
            {
                free -= bytes;
                return Task.CompletedTask;
            }
            var turn = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            line.Enqueue((bytes, turn));
            return turn.Task;
        }
    }

    public void Release(int bytes)
    {
        lock (gate)
        {
            free += bytes;
            while (line.TryPeek(out var next) && free >= next.Bytes)
            {
                line.Dequeue();
                free -= next.Bytes;
                next.Turn.SetResult();
            }
        }
    }
}
