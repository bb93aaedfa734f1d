using System.Buffers.Binary;
using System.Text;

namespace Local.Kafka.Protocol;

/// <summary>Reads the protocol's primitive types (https://kafka.apache.org/protocol#protocol_types) from one request frame.</summary>
internal ref struct WireReader(Memory<byte> frame)
{
    /// <summary>An honest request stays far below; a forged one must not make a few bytes into many objects.</summary>
    private const int MaxElementsPerRequest = 100_000;

    private readonly Memory<byte> frame = frame;
    private ReadOnlySpan<byte> rest = frame.Span;
    private int elements;

    public delegate T ReadElement<out T>(ref WireReader reader);

    public short Version { get; init; }

    /// <summary>Flexible versions use compact lengths and tagged fields (KIP-482).</summary>
    public bool Flexible { get; set; }

    public sbyte Int8() => (sbyte)Take(1)[0];

    public bool Bool() => Take(1)[0] != 0;

    public short Int16() => BinaryPrimitives.ReadInt16BigEndian(Take(2));

    public int Int32() => BinaryPrimitives.ReadInt32BigEndian(Take(4));

    public long Int64() => BinaryPrimitives.ReadInt64BigEndian(Take(8));

    public Guid Uuid() => new(Take(16), bigEndian: true);

    public string String() => NullableString() ?? throw new MalformedRequestException("a string is null that must not be");

    public string? NullableString()
    {
        var length = Flexible ? CompactLength() : Int16();
        return length < 0 ? null : Encoding.UTF8.GetString(Take(length));
    }

    public byte[] Bytes() => NullableBytes() is { } bytes ? bytes.ToArray() : throw new MalformedRequestException("bytes are null that must not be");

    /// <summary>A window into the frame itself: valid until the next frame is read.</summary>
    public Memory<byte>? NullableBytes()
    {
        var length = Flexible ? CompactLength() : Int32();
        if (length < 0) return null;
        var start = frame.Length - rest.Length;
        Take(length);
        return frame.Slice(start, length);
    }

    public int[] Int32Array() => Array(static (ref WireReader r) => r.Int32());

    public string[] StringArray() => Array(static (ref WireReader r) => r.String());

    public T[] Array<T>(ReadElement<T> read) => NullableArray(read) ?? throw new MalformedRequestException("an array is null that must not be");

    public T[]? NullableArray<T>(ReadElement<T> read)
    {
        var length = Flexible ? CompactLength() : Int32();
        if (length < 0) return null;
        elements += length;
        if (length > rest.Length || elements > MaxElementsPerRequest)
            throw new MalformedRequestException($"an array of {length} elements in {rest.Length} bytes");
        var items = new T[length];
        for (var i = 0; i < length; i++) items[i] = read(ref this);
        return items;
    }

    /// <summary>An array of structures: in flexible versions each ends in tagged fields.</summary>
    public T[] Structs<T>(ReadElement<T> read) => NullableStructs(read) ?? throw new MalformedRequestException("an array is null that must not be");

    public T[]? NullableStructs<T>(ReadElement<T> read) => NullableArray((ref WireReader r) =>
    {
        var item = read(ref r);
        r.SkipTags();
        return item;
    });

    /// <summary>Tagged fields are optional by definition: none that a client sends matters to a broker without replicas.</summary>
    public void SkipTags()
    {
        if (!Flexible) return;
        for (var count = UnsignedVarInt(); count > 0; count--)
        {
            UnsignedVarInt();
            var size = UnsignedVarInt();
            if (size > rest.Length) throw new MalformedRequestException("a tagged field runs past the end");
            Take((int)size);
        }
    }

    private int CompactLength()
    {
        var lengthPlusOne = UnsignedVarInt();
        return lengthPlusOne > int.MaxValue ? throw new MalformedRequestException("a length is out of range") : (int)lengthPlusOne - 1;
    }

    private uint UnsignedVarInt()
    {
        var value = 0u;
        for (var shift = 0; shift < 35; shift += 7)
        {
            var next = Take(1)[0];
            value |= (uint)(next & 0x7f) << shift;
            if ((next & 0x80) == 0) return value;
        }
        throw new MalformedRequestException("a variable-length integer is longer than 5 bytes");
    }

    private ReadOnlySpan<byte> Take(int count)
    {
        if ((uint)count > (uint)rest.Length) throw new MalformedRequestException($"{count} bytes are announced, {rest.Length} are left");
        var taken = rest[..count];
        rest = rest[count..];
        return taken;
    }
}
