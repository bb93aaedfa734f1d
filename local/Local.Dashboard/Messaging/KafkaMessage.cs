using System.Buffers;
using System.Buffers.Binary;
using System.Text;

namespace Local.Dashboard.Messaging;

/// <summary>A request in Kafka's wire format (kafka.apache.org/protocol), in versions from before the compact encodings.</summary>
internal sealed class KafkaRequest
{
    private readonly ArrayBufferWriter<byte> _bytes = new();

    public KafkaRequest(short api, short version)
    {
        Int32(0); // The length, once it is known.
        Int16(api).Int16(version).Int32(0).String("dashboard");
    }

    public KafkaRequest Bool(bool value)
    {
        Next(1)[0] = value ? (byte)1 : (byte)0;
        return this;
    }

    public KafkaRequest Int16(short value)
    {
        BinaryPrimitives.WriteInt16BigEndian(Next(sizeof(short)), value);
        return this;
    }

    public KafkaRequest Int32(int value)
    {
        BinaryPrimitives.WriteInt32BigEndian(Next(sizeof(int)), value);
        return this;
    }

    public KafkaRequest Int64(long value)
    {
        BinaryPrimitives.WriteInt64BigEndian(Next(sizeof(long)), value);
        return this;
    }

    public KafkaRequest String(string value)
    {
        Int16((short)Encoding.UTF8.GetByteCount(value));
        Encoding.UTF8.GetBytes(value, _bytes);
        return this;
    }

    public KafkaRequest Array<T>(IReadOnlyCollection<T> items, Action<KafkaRequest, T> write)
    {
        Int32(items.Count);
        foreach (var item in items)
            write(this, item);
        return this;
    }

    /// <summary>In Kafka's words "all".</summary>
    public KafkaRequest NullArray() => Int32(-1);

    public ReadOnlyMemory<byte> ToBytes()
    {
        var bytes = _bytes.WrittenSpan.ToArray();
        BinaryPrimitives.WriteInt32BigEndian(bytes, bytes.Length - sizeof(int));
        return bytes;
    }

    private Span<byte> Next(int length)
    {
        var span = _bytes.GetSpan(length)[..length];
        _bytes.Advance(length);
        return span;
    }
}

/// <summary>Reads an answer in the same format.</summary>
internal sealed class KafkaAnswer(byte[] bytes)
{
    private int _at = sizeof(int); // Behind the correlation id: one request at a time needs none.

    public bool Bool() => bytes[_at++] != 0;

    public short Int16() => BinaryPrimitives.ReadInt16BigEndian(Take(sizeof(short)));

    public int Int32() => BinaryPrimitives.ReadInt32BigEndian(Take(sizeof(int)));

    public long Int64() => BinaryPrimitives.ReadInt64BigEndian(Take(sizeof(long)));

    public string String() => Encoding.UTF8.GetString(Take(Math.Max((short)0, Int16())));

    public void SkipBytes() => Take(Math.Max(0, Int32()));

    public List<T> Array<T>(Func<KafkaAnswer, T> read)
    {
        var count = Int32();
        var items = new List<T>();
        for (var i = 0; i < count; i++)
            items.Add(read(this));
        return items;
    }

    private ReadOnlySpan<byte> Take(int length)
    {
        var taken = bytes.AsSpan(_at, length);
        _at += length;
        return taken;
    }
}
