using Local.Kafka.Producers;
using Local.Kafka.Protocol;

namespace Local.Kafka.Log;

/// <summary>One partition: an ordered list of segments, appended to under one lock.</summary>
internal sealed class PartitionLog
{
    private readonly Lock gate = new();
    private readonly string directory;
    private readonly Disk disk;
    private readonly List<Segment> segments = [];
    private readonly HashSet<AppendSignal> waiters = [];
    private readonly ProducerTable producers = new();
    private long startOffset;
    private bool deleted;
    private bool failed;

    private PartitionLog(string directory, Disk disk)
    {
        this.directory = directory;
        this.disk = disk;
    }

    private Segment Active => segments[^1];

    public readonly record struct AppendResult(ErrorCode Error, long BaseOffset, long StartOffset);

    /// <summary>The offsets that can be read: from Start up to, but not including, End.</summary>
    public readonly record struct Bounds(long Start, long End);

    /// <summary>Opens the partition as it was left, however it was left.</summary>
    /// <param name="onCut">Hears how many bytes after the last valid batch were dropped.</param>
    public static PartitionLog Open(string directory, Disk disk, Action<long> onCut)
    {
        Directory.CreateDirectory(directory);
        var log = new PartitionLog(directory, disk);
        log.Recover(onCut);
        return log;
    }

    public Bounds Offsets
    {
        get
        {
            lock (gate) return new Bounds(startOffset, Active.NextOffset);
        }
    }

    public long Size
    {
        get
        {
            lock (gate) return segments.Sum(segment => segment.Length);
        }
    }

    /// <summary>Stores one batch as it came: only base offset and leader epoch are written into it, where it lies.</summary>
    /// <exception cref="IOException">It is not stored, or with a flush wanted, not known to be.</exception>
    public AppendResult Append(Memory<byte> bytes, TopicConfig config)
    {
        var error = RecordBatch.Validate(bytes.Span, config.MaxMessageBytes);
        if (error != ErrorCode.None) return new AppendResult(error, -1, -1);
        var batch = RecordBatch.ReadHeader(bytes.Span);
        lock (gate)
        {
            if (deleted) return new AppendResult(ErrorCode.UnknownTopicOrPartition, -1, -1);
            if (failed) return new AppendResult(ErrorCode.StorageError, -1, -1);
            var verdict = producers.Judge(batch);
            if (verdict.Error != ErrorCode.None || verdict.Duplicate is not null)
                return new AppendResult(verdict.Error, verdict.Duplicate ?? -1, startOffset);

            if (Active.Length > 0 && Active.Length + bytes.Length > config.SegmentBytes) Roll();
            batch = batch with { BaseOffset = Active.NextOffset };
            RecordBatch.Assign(bytes.Span, batch.BaseOffset, Node.LeaderEpoch);
            Active.Append(bytes.Span, batch);
            producers.Remember(batch);
            if (disk.FlushesEach) FlushOrFail();
            foreach (var waiter in waiters) waiter.Set();
            return new AppendResult(ErrorCode.None, batch.BaseOffset, startOffset);
        }
    }

    public (ErrorCode Error, Bounds Bounds, FileRegion? Records) Read(long offset, int maxBytes, bool atLeastOne)
    {
        lock (gate)
        {
            var bounds = new Bounds(startOffset, Active.NextOffset);
            if (deleted) return (ErrorCode.UnknownTopicOrPartition, bounds, null);
            if (offset < bounds.Start || offset > bounds.End) return (ErrorCode.OffsetOutOfRange, bounds, null);
            return (ErrorCode.None, bounds, offset == bounds.End ? null : SegmentOf(offset).Read(offset, maxBytes, atLeastOne));
        }
    }

    /// <summary>The first record at or after the time; null where all are older.</summary>
    public TimestampedOffset? FindByTime(long timestamp)
    {
        (RecordBatch Batch, FileRegion Region)? found;
        long start;
        lock (gate)
        {
            start = startOffset;
            found = segments.Find(segment => segment.MaxTimestamp >= timestamp && segment.NextOffset > start)?.FindByTime(timestamp);
        }
        if (found is not var (batch, region)) return null;
        var exact = RecordTimestamps.FirstAtOrAfter(batch, region, timestamp);
        return exact.Offset >= start ? exact : exact with { Offset = start };
    }

    /// <summary>The record with the greatest time (KIP-734).</summary>
    public TimestampedOffset? FindLatestByTime()
    {
        long newest;
        lock (gate) newest = segments.Max(segment => segment.MaxTimestamp);
        return newest < 0 ? null : FindByTime(newest);
    }

    /// <summary>From now on the signal is set by every append, until it is taken away.</summary>
    public void Watch(AppendSignal signal)
    {
        lock (gate) waiters.Add(signal);
    }

    public void Unwatch(AppendSignal signal)
    {
        lock (gate) waiters.Remove(signal);
    }

    /// <summary>Forgets the records before the offset; whole segments of them are deleted at once.</summary>
    public bool TryDeleteRecordsBefore(long offset)
    {
        lock (gate)
        {
            if (deleted || offset > Active.NextOffset) return false;
            startOffset = Math.Max(startOffset, offset);
            DropSegmentsBeforeStart();
            SaveCheckpoint();
            return true;
        }
    }

    public void EnforceRetention(TopicConfig config, DateTimeOffset now)
    {
        lock (gate)
        {
            if (deleted) return;
            if (IsExpired(Active, config, now)) Roll();
            var size = segments.Sum(segment => segment.Length);
            var keep = 0;
            while (keep < segments.Count - 1 && (IsExpired(segments[keep], config, now) || (config.RetentionBytes >= 0 && size > config.RetentionBytes)))
                size -= segments[keep++].Length;
            if (keep == 0) return;
            startOffset = Math.Max(startOffset, segments[keep].BaseOffset);
            DropSegmentsBeforeStart();
            SaveCheckpoint();
        }
    }

    public void Delete()
    {
        lock (gate)
        {
            deleted = true;
            foreach (var waiter in waiters) waiter.Set();
        }
    }

    /// <summary>Leaves everything on disk so that the next start reads no batch.</summary>
    public void Close()
    {
        lock (gate)
        {
            if (!deleted)
            {
                Active.Flush(disk);
                Active.SaveIndex();
                SaveCheckpoint();
            }
            foreach (var segment in segments) segment.Close();
        }
    }

    private static bool IsExpired(Segment segment, TopicConfig config, DateTimeOffset now) =>
        config.RetentionMs >= 0 && segment.Length > 0 && segment.MaxTimestamp < now.ToUnixTimeMilliseconds() - config.RetentionMs;

    private Segment SegmentOf(long offset)
    {
        var (low, high) = (0, segments.Count - 1);
        while (low < high)
        {
            var middle = (low + high + 1) / 2;
            if (segments[middle].BaseOffset <= offset) low = middle;
            else high = middle - 1;
        }
        return segments[low];
    }

    /// <summary>After a failed flush nobody knows what is on the disk: the partition takes nothing more until it is opened anew.</summary>
    private void FlushOrFail()
    {
        try
        {
            Active.Flush(disk);
        }
        catch (IOException)
        {
            failed = true;
            throw;
        }
    }

    private void Roll()
    {
        Active.SaveIndex();
        segments.Add(Segment.Create(directory, Active.NextOffset));
        if (disk.FlushesEach) disk.FlushFolder(directory);
        SaveCheckpoint();
    }

    private void DropSegmentsBeforeStart()
    {
        while (segments.Count > 1 && segments[0].NextOffset <= startOffset)
        {
            segments[0].Delete();
            segments.RemoveAt(0);
        }
    }

    private void SaveCheckpoint() => new Checkpoint(startOffset, Active.NextOffset, producers.All).Save(directory);

    private void Recover(Action<long> onCut)
    {
        var checkpoint = Checkpoint.Load(directory);
        if (!OpenSegments(checkpoint, onCut) || (checkpoint is not null && checkpoint.NextOffset > Active.NextOffset))
        {
            // The checkpoint is ahead of the log: the machine lost power without --flush each. Only the batches are true.
            CloseSegments();
            OpenSegments(checkpoint: null, onCut);
        }
        startOffset = Math.Clamp(checkpoint?.StartOffset ?? 0, segments[0].BaseOffset, Active.NextOffset);
        if (!disk.FlushesEach) return;
        // A killed broker may have left a batch that it had not flushed. It counts as stored from now on.
        Active.Flush(disk);
        disk.FlushFolder(directory);
    }

    /// <summary>False where a hole was found, and everything after it given up.</summary>
    private bool OpenSegments(Checkpoint? checkpoint, Action<long> onCut)
    {
        producers.Clear();
        foreach (var (id, producer) in checkpoint?.Producers ?? []) producers.Restore(id, producer);
        var whole = true;
        foreach (var baseOffset in Segment.BaseOffsetsIn(directory).ToList())
        {
            var segment = Segment.Open(directory, baseOffset, checkpoint?.NextOffset ?? 0, batch => producers.Remember(batch), onCut);
            if (whole && (segments.Count == 0 || segment.BaseOffset == Active.NextOffset))
            {
                if (segments.Count > 0 && !Active.IsIndexSaved) Active.SaveIndex();
                segments.Add(segment);
                continue;
            }
            whole = false;
            onCut(segment.Length);
            segment.Delete();
            segment.Close();
        }
        if (segments.Count == 0) segments.Add(Segment.Create(directory, checkpoint?.StartOffset ?? 0));
        return whole;
    }

    private void CloseSegments()
    {
        foreach (var segment in segments) segment.Close();
        segments.Clear();
    }
}
