using System.Buffers;
using Microsoft.Win32.SafeHandles;

namespace Local.Kafka.Log;

/// <summary>A run of record batches in one file, named after its first offset.</summary>
internal sealed class Segment
{
    private const string LogSuffix = ".log";
    private const string IndexSuffix = ".index";
    private const int ScanSize = 256 * 1024;

    private readonly string path;
    private readonly SafeFileHandle handle;
    private SparseIndex index;

    private Segment(string path, long baseOffset)
    {
        this.path = path;
        BaseOffset = baseOffset;
        NextOffset = baseOffset;
        index = new SparseIndex();
        handle = File.OpenHandle(path + LogSuffix, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete);
    }

    public long BaseOffset { get; }

    public long NextOffset { get; private set; }

    public long Length { get; private set; }

    /// <summary>Whether the index file describes the segment as it is.</summary>
    public bool IsIndexSaved { get; private set; }

    /// <summary>-1 while the segment is empty.</summary>
    public long MaxTimestamp { get; private set; } = -1;

    public static Segment Create(string directory, long baseOffset) => new(PathOf(directory, baseOffset), baseOffset);

    public static IEnumerable<long> BaseOffsetsIn(string directory) =>
        Directory.EnumerateFiles(directory, "*" + LogSuffix).Select(file => long.Parse(Path.GetFileNameWithoutExtension(file))).Order();

    /// <summary>
    /// Opens a segment that exists. Its batches are read and checked unless the index file describes exactly this log and the
    /// caller needs none of them again (<paramref name="replayFrom"/>); whatever follows the last valid batch is cut off.
    /// </summary>
    public static Segment Open(string directory, long baseOffset, long replayFrom, Action<RecordBatch> replay, Action<long> onCut)
    {
        var segment = Create(directory, baseOffset);
        var fileLength = RandomAccess.GetLength(segment.handle);
        if (SparseIndex.Load(segment.path + IndexSuffix, fileLength) is var (loaded, summary) && summary.NextOffset <= replayFrom)
        {
            segment.index = loaded;
            segment.IsIndexSaved = true;
            (segment.Length, segment.NextOffset, segment.MaxTimestamp) = summary;
            return segment;
        }
        File.Delete(segment.path + IndexSuffix); // what comes to stand here may be as long again, but something else
        segment.Recover(fileLength, replayFrom, replay);
        if (segment.Length < fileLength)
        {
            onCut(fileLength - segment.Length);
            RandomAccess.SetLength(segment.handle, segment.Length);
        }
        return segment;
    }

    public void Append(ReadOnlySpan<byte> bytes, in RecordBatch batch)
    {
        RandomAccess.Write(handle, bytes, Length);
        Account(batch, bytes.Length);
    }

    public void Flush(Disk disk) => disk.Flush(handle, path + LogSuffix);

    /// <summary>Writes the index beside a segment that is complete for now, so that the next start need not read the log.</summary>
    public void SaveIndex()
    {
        index.Save(path + IndexSuffix, new SparseIndex.Summary(Length, NextOffset, MaxTimestamp));
        IsIndexSaved = true;
    }

    public void Delete()
    {
        File.Delete(path + LogSuffix);
        File.Delete(path + IndexSuffix);
    }

    /// <summary>Closes at once what nobody can be reading any more: the server has stopped.</summary>
    public void Close() => handle.Dispose();

    /// <summary>From the batch that holds the offset on, as much as asked for, but never less than that one batch when <paramref name="atLeastOne"/>.</summary>
    public FileRegion? Read(long offset, int maxBytes, bool atLeastOne)
    {
        (long Position, int Size)? found = null;
        Walk(index.PositionBefore(offset), (batch, position) =>
        {
            if (batch.LastOffset < offset) return true;
            found = (position, batch.TotalSize);
            return false;
        });
        if (found is not var (start, size)) return null;
        if (size > maxBytes && !atLeastOne) return null;
        return new FileRegion(handle, start, (int)Math.Min(Math.Max(maxBytes, size), Length - start));
    }

    /// <summary>The first batch with a record at or after the time.</summary>
    public (RecordBatch Batch, FileRegion Region)? FindByTime(long timestamp)
    {
        (RecordBatch Batch, FileRegion Region)? found = null;
        Walk(index.PositionBeforeTime(timestamp), (batch, position) =>
        {
            if (batch.MaxTimestamp < timestamp) return true;
            found = (batch, new FileRegion(handle, position, batch.TotalSize));
            return false;
        });
        return found;
    }

    /// <summary>Visits batch headers from a batch boundary on, until the visitor has seen enough.</summary>
    private void Walk(long position, Func<RecordBatch, long, bool> visit)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(SparseIndex.Interval);
        try
        {
            var more = true;
            while (more && Length - position >= RecordBatch.HeaderSize)
            {
                var read = RandomAccess.Read(handle, buffer.AsSpan(0, (int)Math.Min(buffer.Length, Length - position)), position);
                var at = 0L;
                while (more && read - at >= RecordBatch.HeaderSize)
                {
                    var batch = RecordBatch.ReadHeader(buffer.AsSpan((int)at));
                    more = visit(batch, position + at);
                    at += batch.TotalSize;
                }
                position += at;
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private void Recover(long fileLength, long replayFrom, Action<RecordBatch> replay)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(ScanSize);
        try
        {
            while (fileLength - Length >= RecordBatch.HeaderSize)
            {
                var read = RandomAccess.Read(handle, buffer.AsSpan(0, (int)Math.Min(buffer.Length, fileLength - Length)), Length);
                var (taken, wanted) = RecoverBatches(buffer.AsSpan(0, read), replayFrom, replay);
                if (taken > 0) continue;
                if (wanted <= buffer.Length || wanted > fileLength - Length) return;
                ArrayPool<byte>.Shared.Return(buffer);
                buffer = ArrayPool<byte>.Shared.Rent(wanted);
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <summary>Takes the whole valid batches of a block; says how much it would need to see the next one whole.</summary>
    private (int Taken, int Wanted) RecoverBatches(ReadOnlySpan<byte> block, long replayFrom, Action<RecordBatch> replay)
    {
        var taken = 0;
        while (true)
        {
            var rest = block[taken..];
            var size = RecordBatch.SizeAt(rest);
            if (size == 0 || size > rest.Length) return (taken, size);
            var batch = RecordBatch.ReadHeader(rest);
            if (batch.BaseOffset != NextOffset || batch.LastOffsetDelta < 0 || !RecordBatch.HasValidCrc(rest[..size])) return (taken, 0);
            Account(batch, size);
            if (batch.BaseOffset >= replayFrom) replay(batch);
            taken += size;
        }
    }

    private void Account(in RecordBatch batch, int size)
    {
        index.Note(batch.BaseOffset, Length, MaxTimestamp);
        IsIndexSaved = false;
        Length += size;
        NextOffset = batch.NextOffset;
        MaxTimestamp = Math.Max(MaxTimestamp, batch.MaxTimestamp);
    }

    private static string PathOf(string directory, long baseOffset) => Path.Combine(directory, baseOffset.ToString("D20"));
}
