using System.Buffers.Binary;
using Local.Kafka.Protocol;

namespace Local.Kafka.Log;

/// <summary>
/// The header of a record batch, format version 2 (https://kafka.apache.org/documentation/#recordbatch). What follows the
/// header may be compressed and is none of the broker's business. The CRC covers everything from the attributes on, so
/// base offset and leader epoch can be set without touching it.
/// </summary>
internal readonly record struct RecordBatch(
    long BaseOffset, int TotalSize, short Attributes, int LastOffsetDelta, long BaseTimestamp, long MaxTimestamp,
    long ProducerId, short ProducerEpoch, int BaseSequence)
{
    public const int HeaderSize = 61;
    public const long NoProducerId = -1;

    private const int LengthAt = 8;
    private const int LeaderEpochAt = 12;
    private const int MagicAt = 16;
    private const int CrcAt = 17;
    private const int AttributesAt = 21;
    private const int LastOffsetDeltaAt = 23;
    private const int BaseTimestampAt = 27;
    private const int MaxTimestampAt = 35;
    private const int ProducerIdAt = 43;
    private const int ProducerEpochAt = 51;
    private const int BaseSequenceAt = 53;
    private const int RecordCountAt = 57;

    private const byte Magic = 2;
    private const int SizeOfOffsetAndLength = 12;
    private const int CompressionMask = 0x07;
    private const int LastCompressionCodec = 4; // zstd
    private const int TransactionalBit = 0x10;
    private const int ControlBit = 0x20;

    public long LastOffset => BaseOffset + LastOffsetDelta;

    public long NextOffset => LastOffset + 1;

    public bool IsCompressed => (Attributes & CompressionMask) != 0;

    public int LastSequence => Sequence.Add(BaseSequence, LastOffsetDelta);

    /// <summary>The size of the batch that starts here, or 0 where no header can start.</summary>
    public static int SizeAt(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < HeaderSize || bytes[MagicAt] != Magic) return 0;
        var length = BinaryPrimitives.ReadInt32BigEndian(bytes[LengthAt..]);
        return length < HeaderSize - SizeOfOffsetAndLength || length > int.MaxValue - SizeOfOffsetAndLength ? 0 : length + SizeOfOffsetAndLength;
    }

    public static RecordBatch ReadHeader(ReadOnlySpan<byte> bytes) => new(
        BinaryPrimitives.ReadInt64BigEndian(bytes),
        BinaryPrimitives.ReadInt32BigEndian(bytes[LengthAt..]) + SizeOfOffsetAndLength,
        BinaryPrimitives.ReadInt16BigEndian(bytes[AttributesAt..]),
        BinaryPrimitives.ReadInt32BigEndian(bytes[LastOffsetDeltaAt..]),
        BinaryPrimitives.ReadInt64BigEndian(bytes[BaseTimestampAt..]),
        BinaryPrimitives.ReadInt64BigEndian(bytes[MaxTimestampAt..]),
        BinaryPrimitives.ReadInt64BigEndian(bytes[ProducerIdAt..]),
        BinaryPrimitives.ReadInt16BigEndian(bytes[ProducerEpochAt..]),
        BinaryPrimitives.ReadInt32BigEndian(bytes[BaseSequenceAt..]));

    /// <summary>Judges what a producer sent: exactly one whole batch, intact, of a kind that this broker stores.</summary>
    public static ErrorCode Validate(ReadOnlySpan<byte> bytes, int maxSize)
    {
        if (bytes.Length > maxSize) return ErrorCode.MessageTooLarge;
        if (bytes.Length > MagicAt && bytes[MagicAt] != Magic) return ErrorCode.UnsupportedForMessageFormat;
        var size = SizeAt(bytes);
        if (size == 0 || size > bytes.Length) return ErrorCode.CorruptMessage;
        if (size < bytes.Length) return ErrorCode.InvalidRecord; // a second batch, as in Kafka since format 2
        if (!HasValidCrc(bytes)) return ErrorCode.CorruptMessage;

        var batch = ReadHeader(bytes);
        var count = BinaryPrimitives.ReadInt32BigEndian(bytes[RecordCountAt..]);
        if (count <= 0 || batch.LastOffsetDelta != count - 1) return ErrorCode.InvalidRecord;
        if ((batch.Attributes & CompressionMask) > LastCompressionCodec) return ErrorCode.UnsupportedCompressionType;
        if ((batch.Attributes & (ControlBit | TransactionalBit)) != 0) return ErrorCode.InvalidRecord;
        return batch.ProducerId != NoProducerId && (batch.ProducerEpoch < 0 || batch.BaseSequence < 0) ? ErrorCode.InvalidRecord : ErrorCode.None;
    }

    public static bool HasValidCrc(ReadOnlySpan<byte> batch) =>
        BinaryPrimitives.ReadUInt32BigEndian(batch[CrcAt..]) == Crc32C.Of(batch[AttributesAt..]);

    public static void Assign(Span<byte> batch, long baseOffset, int leaderEpoch)
    {
        BinaryPrimitives.WriteInt64BigEndian(batch, baseOffset);
        BinaryPrimitives.WriteInt32BigEndian(batch[LeaderEpochAt..], leaderEpoch);
    }
}
