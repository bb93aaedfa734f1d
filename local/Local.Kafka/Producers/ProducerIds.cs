using Local.Kafka.Log;

namespace Local.Kafka.Producers;

/// <summary>
/// Gives out producer ids that are never given out again: blocks of them are claimed on disk before the first is used. The first id
/// of an empty broker is the time, for clients may still use the ids of a broker that was here before and lost its data: a newcomer under
/// the same id would have its first batches taken for theirs, and not stored.
/// </summary>
internal sealed class ProducerIds(string path, Disk disk, TimeProvider time)
{
    private const int BlockSize = 1_000;

    private readonly Lock gate = new();
    private long next = File.Exists(path) ? long.Parse(File.ReadAllText(path)) : time.GetUtcNow().ToUnixTimeMilliseconds();
    private long claimed = -1;

    public long Next()
    {
        lock (gate)
        {
            if (next >= claimed)
            {
                claimed = next + BlockSize;
                DurableFile.Replace(path, System.Text.Encoding.ASCII.GetBytes(claimed.ToString()), disk);
            }
            return next++;
        }
    }
}
