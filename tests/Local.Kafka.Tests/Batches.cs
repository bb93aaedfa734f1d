using System.Buffers.Binary;
using Local.Kafka.Log;

namespace Local.Kafka.Tests;

/// <summary>Record batches as a producer would send them; what the records say is the tests' own affair.</summary>
internal static class Batches
{
    public static byte[] Of(int records, int bodySize, long timestamp, long producerId = -1, short epoch = -1, int sequence = -1)
    {
        var batch = new byte[RecordBatch.HeaderSize + bodySize];
        BinaryPrimitives.WriteInt32BigEndian(batch.AsSpan(8), batch.Length - 12);
        batch[16] = 2;
        BinaryPrimitives.WriteInt32BigEndian(batch.AsSpan(23), records - 1);
        BinaryPrimitives.WriteInt64BigEndian(batch.AsSpan(27), timestamp);
        BinaryPrimitives.WriteInt64BigEndian(batch.AsSpan(35), timestamp);
        BinaryPrimitives.WriteInt64BigEndian(batch.AsSpan(43), producerId);
        BinaryPrimitives.WriteInt16BigEndian(batch.AsSpan(51), epoch);
        BinaryPrimitives.WriteInt32BigEndian(batch.AsSpan(53), sequence);
        BinaryPrimitives.WriteInt32BigEndian(batch.AsSpan(57), records);
        for (var i = RecordBatch.HeaderSize; i < batch.Length; i++) batch[i] = (byte)(i * 31 + bodySize);
        BinaryPrimitives.WriteUInt32BigEndian(batch.AsSpan(17), Crc32C.Of(batch.AsSpan(21)));
        return batch;
    }
}
