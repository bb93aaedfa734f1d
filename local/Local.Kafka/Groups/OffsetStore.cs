using System.Buffers.Binary;
using Local.Kafka.Log;
using Microsoft.Extensions.Logging;
using Microsoft.Win32.SafeHandles;

namespace Local.Kafka.Groups;

/// <summary>
/// Committed offsets of all groups: in memory, and as a journal on disk that is written before a commit is answered.
/// The journal is written anew once most of it is out of date.
/// </summary>
internal sealed partial class OffsetStore : IDisposable
{
    private const int FrameHeader = 8; // length, checksum
    private const int MaxEntry = 1 << 20;
    private const long SmallJournal = 4 << 20;

    private readonly Lock gate = new();
    private readonly string path;
    private readonly Disk disk;
    private readonly ILogger<OffsetStore> logger;
    private readonly Dictionary<string, Dictionary<(string Topic, int Partition), CommittedOffset>> groups = new(StringComparer.Ordinal);
    private SafeFileHandle file;
    private long length;
    private long compactAt = SmallJournal;

    public OffsetStore(string path, Disk disk, ILogger<OffsetStore> logger)
    {
        this.path = path;
        this.disk = disk;
        this.logger = logger;
        file = OpenJournal();
        Replay();
    }

    public IReadOnlyList<string> Groups
    {
        get
        {
            lock (gate) return [.. groups.Keys];
        }
    }

    public bool Knows(string group)
    {
        lock (gate) return groups.ContainsKey(group);
    }

    public void Commit(IReadOnlyList<(OffsetKey Key, CommittedOffset Offset)> commits)
    {
        if (commits.Count == 0) return;
        lock (gate)
        {
            using var entries = new MemoryStream();
            foreach (var (key, offset) in commits)
            {
                WriteEntry(entries, key, offset);
                Apply(key, offset);
            }
            Append(entries);
        }
    }

    public CommittedOffset Find(in OffsetKey key)
    {
        lock (gate)
            return groups.TryGetValue(key.Group, out var offsets) && offsets.TryGetValue((key.Topic, key.Partition), out var offset) ? offset : CommittedOffset.None;
    }

    public IReadOnlyList<(string Topic, int Partition, CommittedOffset Offset)> FindAll(string group)
    {
        lock (gate)
            return groups.TryGetValue(group, out var offsets) ? [.. offsets.Select(pair => (pair.Key.Topic, pair.Key.Partition, pair.Value))] : [];
    }

    public bool DeleteGroup(string group) => Delete((name, _) => name == group);

    public void DeleteTopic(string topic) => Delete((_, name) => name == topic);

    /// <summary>When any offset of the group was last committed.</summary>
    public long LastCommit(string group)
    {
        lock (gate) return groups.TryGetValue(group, out var offsets) && offsets.Count > 0 ? offsets.Values.Max(offset => offset.CommittedAt) : 0;
    }

    public void Dispose() => file.Dispose();

    private bool Delete(Func<string, string, bool> isGone)
    {
        lock (gate)
        {
            var gone = groups.SelectMany(group => group.Value.Keys.Where(key => isGone(group.Key, key.Topic)).Select(key => new OffsetKey(group.Key, key.Topic, key.Partition))).ToList();
            if (gone.Count == 0) return false;
            using var entries = new MemoryStream();
            foreach (var key in gone)
            {
                WriteEntry(entries, key, offset: null);
                Apply(key, offset: null);
            }
            Append(entries);
            return true;
        }
    }

    private void Append(MemoryStream entries)
    {
        RandomAccess.Write(file, entries.GetBuffer().AsSpan(0, (int)entries.Length), length);
        length += entries.Length;
        if (disk.FlushesEach) disk.Flush(file, path);
        if (length >= compactAt) Compact();
    }

    private void Apply(in OffsetKey key, CommittedOffset? offset)
    {
        if (!groups.TryGetValue(key.Group, out var offsets))
        {
            if (offset is null) return;
            groups[key.Group] = offsets = [];
        }
        if (offset is { } committed) offsets[(key.Topic, key.Partition)] = committed;
        else offsets.Remove((key.Topic, key.Partition));
        if (offsets.Count == 0) groups.Remove(key.Group);
    }

    private void Compact()
    {
        using var live = new MemoryStream();
        foreach (var (group, offsets) in groups)
        {
            foreach (var (key, offset) in offsets) WriteEntry(live, new OffsetKey(group, key.Topic, key.Partition), offset);
        }
        DurableFile.Replace(path, live.GetBuffer().AsSpan(0, (int)live.Length), disk);
        file.Dispose();
        file = OpenJournal();
        length = live.Length;
        compactAt = Math.Max(SmallJournal, length * 4);
    }

    private SafeFileHandle OpenJournal() => File.OpenHandle(path, FileMode.OpenOrCreate, FileAccess.ReadWrite);

    private void Replay()
    {
        var bytes = File.ReadAllBytes(path).AsSpan();
        var rest = bytes;
        while (TryReadEntry(ref rest, out var key, out var offset)) Apply(key, offset);
        length = bytes.Length - rest.Length;
        compactAt = Math.Max(SmallJournal, length * 4);
        if (rest.Length == 0) return;
        LogCut(rest.Length);
        RandomAccess.SetLength(file, length);
    }

    private static void WriteEntry(MemoryStream stream, in OffsetKey key, CommittedOffset? offset)
    {
        var start = (int)stream.Length;
        stream.Write(stackalloc byte[FrameHeader]);
        using (var writer = new BinaryWriter(stream, System.Text.Encoding.UTF8, leaveOpen: true))
        {
            writer.Write(key.Group);
            writer.Write(key.Topic);
            writer.Write(key.Partition);
            writer.Write(offset is not null);
            if (offset is { } committed)
            {
                writer.Write(committed.Offset);
                writer.Write(committed.LeaderEpoch);
                writer.Write(committed.Metadata ?? "");
                writer.Write(committed.CommittedAt);
            }
        }
        var entry = stream.GetBuffer().AsSpan(start, (int)stream.Length - start);
        BinaryPrimitives.WriteInt32LittleEndian(entry, entry.Length - FrameHeader);
        BinaryPrimitives.WriteUInt32LittleEndian(entry[4..], Crc32C.Of(entry[FrameHeader..]));
    }

    private static bool TryReadEntry(ref Span<byte> rest, out OffsetKey key, out CommittedOffset? offset)
    {
        (key, offset) = (default, null);
        if (rest.Length < FrameHeader) return false;
        var size = BinaryPrimitives.ReadInt32LittleEndian(rest);
        if (size is <= 0 or > MaxEntry || size > rest.Length - FrameHeader) return false;
        var body = rest.Slice(FrameHeader, size);
        if (BinaryPrimitives.ReadUInt32LittleEndian(rest[4..]) != Crc32C.Of(body)) return false;

        using var reader = new BinaryReader(new MemoryStream(body.ToArray()));
        key = new OffsetKey(reader.ReadString(), reader.ReadString(), reader.ReadInt32());
        if (reader.ReadBoolean()) offset = new CommittedOffset(reader.ReadInt64(), reader.ReadInt32(), reader.ReadString(), reader.ReadInt64());
        rest = rest[(FrameHeader + size)..];
        return true;
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The journal of committed offsets ended in {Bytes} bytes that are no valid entry; cut off")]
    private partial void LogCut(int bytes);
}
