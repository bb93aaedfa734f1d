using System.Buffers;

namespace Local.Kafka.Log;

internal readonly record struct TimestampedOffset(long Offset, long Timestamp);

/// <summary>
/// Looks for a time inside a batch. A compressed batch is not opened: its first record stands for all of it, so a
/// consumer that seeks by time may see a few records that are older, but misses none.
/// </summary>
internal static class RecordTimestamps
{
    public static TimestampedOffset FirstAtOrAfter(in RecordBatch batch, FileRegion region, long timestamp)
    {
        var first = new TimestampedOffset(batch.BaseOffset, batch.BaseTimestamp);
        if (batch.IsCompressed || batch.BaseTimestamp >= timestamp) return first;
        var buffer = ArrayPool<byte>.Shared.Rent(region.Length);
        try
        {
            var read = RandomAccess.Read(region.Handle, buffer.AsSpan(0, region.Length), region.Position);
            var records = new ReadOnlySpan<byte>(buffer, 0, read)[RecordBatch.HeaderSize..];
            while (TryReadVarLong(ref records, out var length) && length > 0 && length <= records.Length)
            {
                var record = records[1..(int)length]; // after the attributes
                if (!TryReadVarLong(ref record, out var timestampDelta) || !TryReadVarLong(ref record, out var offsetDelta)) break;
                if (batch.BaseTimestamp + timestampDelta >= timestamp)
                    return new TimestampedOffset(batch.BaseOffset + offsetDelta, batch.BaseTimestamp + timestampDelta);
                records = records[(int)length..];
            }
            return first;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <summary>Zig-zag, seven bits a byte, as in protocol buffers.</summary>
    private static bool TryReadVarLong(ref ReadOnlySpan<byte> bytes, out long value)
    {
        value = 0;
        var raw = 0UL;
        for (var i = 0; i < 10 && i < bytes.Length; i++)
        {
            raw |= (ulong)(bytes[i] & 0x7f) << (7 * i);
            if ((bytes[i] & 0x80) != 0) continue;
            bytes = bytes[(i + 1)..];
            value = (long)(raw >> 1) ^ -(long)(raw & 1);
            return true;
        }
        return false;
    }
}
