using System.Buffers.Binary;
using Local.Kafka.Producers;

namespace Local.Kafka.Log;

/// <summary>
/// What a partition knows beyond its batches: where it starts (records may have been deleted inside a segment) and its
/// producers as they were at <see cref="NextOffset"/>. Batches from there on are replayed at the next start.
/// </summary>
internal sealed record Checkpoint(long StartOffset, long NextOffset, IReadOnlyCollection<KeyValuePair<long, ProducerTable.Producer>> Producers)
{
    private const string FileName = "checkpoint";
    private const int ChecksumSize = sizeof(uint);

    public void Save(string directory)
    {
        using var stream = new MemoryStream();
        using var writer = new BinaryWriter(stream);
        writer.Write(0u); // the checksum's place
        writer.Write(StartOffset);
        writer.Write(NextOffset);
        writer.Write(Producers.Count);
        foreach (var (id, producer) in Producers)
        {
            writer.Write(id);
            writer.Write(producer.Epoch);
            writer.Write(producer.LastTimestamp);
            writer.Write(producer.Batches.Count);
            foreach (var sent in producer.Batches)
            {
                writer.Write(sent.FirstSequence);
                writer.Write(sent.LastSequence);
                writer.Write(sent.BaseOffset);
            }
        }
        writer.Flush();
        var bytes = stream.GetBuffer().AsSpan(0, (int)stream.Length);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes, Crc32C.Of(bytes[ChecksumSize..]));
        DurableFile.Replace(Path.Combine(directory, FileName), bytes, disk: null);
    }

    /// <summary>Null where there is none that can be trusted: everything is replayed then.</summary>
    public static Checkpoint? Load(string directory)
    {
        var path = Path.Combine(directory, FileName);
        if (!File.Exists(path)) return null;
        var bytes = File.ReadAllBytes(path);
        if (bytes.Length < ChecksumSize || BinaryPrimitives.ReadUInt32LittleEndian(bytes) != Crc32C.Of(bytes.AsSpan(ChecksumSize))) return null;

        using var reader = new BinaryReader(new MemoryStream(bytes, ChecksumSize, bytes.Length - ChecksumSize));
        var (start, next) = (reader.ReadInt64(), reader.ReadInt64());
        var producers = new KeyValuePair<long, ProducerTable.Producer>[reader.ReadInt32()];
        for (var i = 0; i < producers.Length; i++)
        {
            var id = reader.ReadInt64();
            var producer = new ProducerTable.Producer { Epoch = reader.ReadInt16(), LastTimestamp = reader.ReadInt64() };
            for (var left = reader.ReadInt32(); left > 0; left--)
                producer.Batches.Add(new ProducerTable.Sent(reader.ReadInt32(), reader.ReadInt32(), reader.ReadInt64()));
            producers[i] = new(id, producer);
        }
        return new Checkpoint(start, next, producers);
    }
}
