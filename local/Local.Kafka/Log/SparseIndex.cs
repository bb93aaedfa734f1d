using System.Buffers.Binary;

namespace Local.Kafka.Log;

/// <summary>
/// Finds a batch in a segment by offset or by time: one entry for about every <see cref="Interval"/> bytes of log, in
/// memory, and on disk once the segment is complete. The file's header says how much log it describes; where that differs
/// from the log file, the index is not trusted and built again.
/// </summary>
internal sealed class SparseIndex
{
    public const int Interval = 16 * 1024;

    private const int EntrySize = 24;
    private const int HeaderSize = 32;

    private readonly List<Entry> entries = [];

    /// <summary>MaxTimestamp: the greatest of all batches before Position, so it never falls.</summary>
    public readonly record struct Entry(long Offset, long Position, long MaxTimestamp);

    /// <summary>What the index knows of the whole segment.</summary>
    public readonly record struct Summary(long Length, long NextOffset, long MaxTimestamp);

    public void Note(long offset, long position, long maxTimestamp)
    {
        if (position - (entries.Count == 0 ? 0 : entries[^1].Position) >= Interval) entries.Add(new Entry(offset, position, maxTimestamp));
    }

    /// <summary>Where to start looking for the batch that holds the offset.</summary>
    public long PositionBefore(long offset) => Before(entry => entry.Offset <= offset);

    /// <summary>Where to start looking for the first batch with a record at or after the time.</summary>
    public long PositionBeforeTime(long timestamp) => Before(entry => entry.MaxTimestamp < timestamp);

    public void Save(string path, Summary summary)
    {
        var bytes = new byte[HeaderSize + entries.Count * EntrySize];
        BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(8), summary.Length);
        BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(16), summary.NextOffset);
        BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(24), summary.MaxTimestamp);
        var rest = bytes.AsSpan(HeaderSize);
        foreach (var entry in entries)
        {
            BinaryPrimitives.WriteInt64LittleEndian(rest, entry.Offset);
            BinaryPrimitives.WriteInt64LittleEndian(rest[8..], entry.Position);
            BinaryPrimitives.WriteInt64LittleEndian(rest[16..], entry.MaxTimestamp);
            rest = rest[EntrySize..];
        }
        BinaryPrimitives.WriteUInt32LittleEndian(bytes, Crc32C.Of(bytes.AsSpan(8)));
        DurableFile.Replace(path, bytes, disk: null);
    }

    /// <summary>Null where there is no index file, or none that describes exactly this much log.</summary>
    public static (SparseIndex Index, Summary Summary)? Load(string path, long logLength)
    {
        if (!File.Exists(path)) return null;
        var bytes = File.ReadAllBytes(path);
        if (bytes.Length < HeaderSize || (bytes.Length - HeaderSize) % EntrySize != 0
            || BinaryPrimitives.ReadUInt32LittleEndian(bytes) != Crc32C.Of(bytes.AsSpan(8))
            || BinaryPrimitives.ReadInt64LittleEndian(bytes.AsSpan(8)) != logLength)
            return null;

        var index = new SparseIndex();
        index.entries.Capacity = (bytes.Length - HeaderSize) / EntrySize;
        for (var rest = bytes.AsSpan(HeaderSize); rest.Length > 0; rest = rest[EntrySize..])
        {
            index.entries.Add(new Entry(
                BinaryPrimitives.ReadInt64LittleEndian(rest),
                BinaryPrimitives.ReadInt64LittleEndian(rest[8..]),
                BinaryPrimitives.ReadInt64LittleEndian(rest[16..])));
        }
        return (index, new Summary(logLength, BinaryPrimitives.ReadInt64LittleEndian(bytes.AsSpan(16)), BinaryPrimitives.ReadInt64LittleEndian(bytes.AsSpan(24))));
    }

    private long Before(Predicate<Entry> stillBefore)
    {
        var (low, high) = (0, entries.Count);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (stillBefore(entries[middle])) low = middle + 1;
            else high = middle;
        }
        return low == 0 ? 0 : entries[low - 1].Position;
    }
}
