using System.Buffers.Text;
using Local.Kafka.Groups;
using Local.Kafka.Producers;
using Microsoft.Extensions.Logging;
using Microsoft.Win32.SafeHandles;

namespace Local.Kafka.Log;

/// <summary>Everything that a broker keeps on disk, opened by one process at a time.</summary>
internal sealed class DataDirectory : IDisposable
{
    private readonly SafeFileHandle ownership;

    private DataDirectory(string root, KafkaServerOptions options, Disk disk, TimeProvider time, ILoggerFactory loggers)
    {
        Directory.CreateDirectory(root);
        // Two brokers on one log would overwrite each other: the second one fails here.
        ownership = File.OpenHandle(Path.Combine(root, "lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        ClusterId = ReadOrCreateClusterId(Path.Combine(root, "cluster-id"), disk);
        ProducerIds = new ProducerIds(Path.Combine(root, "producer-ids"), disk, time);
        Offsets = new OffsetStore(Path.Combine(root, "offsets"), disk, loggers.CreateLogger<OffsetStore>());
        Topics = new TopicStore(Path.Combine(root, "topics"), options, disk, loggers.CreateLogger<TopicStore>());
        Topics.Open();
        disk.FlushFolder(root);
    }

    public string ClusterId { get; }

    public ProducerIds ProducerIds { get; }

    public OffsetStore Offsets { get; }

    public TopicStore Topics { get; }

    public static DataDirectory Open(KafkaServerOptions options, Disk disk, TimeProvider time, ILoggerFactory loggers) => new(options.DataDirectory, options, disk, time, loggers);

    public void Dispose()
    {
        Topics.Close();
        Offsets.Dispose();
        ownership.Dispose();
    }

    private static string ReadOrCreateClusterId(string path, Disk disk)
    {
        if (!File.Exists(path)) DurableFile.Replace(path, System.Text.Encoding.ASCII.GetBytes(Base64Url.EncodeToString(Guid.CreateVersion7().ToByteArray(bigEndian: true))), disk);
        return File.ReadAllText(path);
    }
}
