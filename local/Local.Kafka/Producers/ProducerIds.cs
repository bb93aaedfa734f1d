using Local.Kafka.Log;

namespace Local.Kafka.Producers;

/// <summary>Gives out producer ids that are never given out again: blocks of them are claimed on disk before the first is used.</summary>
internal sealed class ProducerIds(string path)
{
    private const int BlockSize = 1_000;

    private readonly Lock gate = new();
    private long next = File.Exists(path) ? long.Parse(File.ReadAllText(path)) : 0;
    private long claimed = -1;

    public long Next()
    {
        lock (gate)
        {
            if (next >= claimed)
            {
                claimed = next + BlockSize;
                DurableFile.Replace(path, System.Text.Encoding.ASCII.GetBytes(claimed.ToString()));
            }
            return next++;
        }
    }
}
