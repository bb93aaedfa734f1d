using System.Buffers.Binary;
using System.Text;

namespace Local.Dashboard.Otlp;

/// <summary>Reads Protocol Buffers' wire format (https://protobuf.dev/programming-guides/encoding) from memory; never reads past its end.</summary>
internal ref struct ProtoReader(ReadOnlySpan<byte> data)
{
    private const int Varint = 0, Fixed64 = 1, LengthDelimited = 2, Fixed32 = 5;

    private ReadOnlySpan<byte> rest = data;
    private int wireType;

    /// <summary>Moves to the next field and gives its number, or 0 at the end of the message.</summary>
    public int NextField()
    {
        if (rest.IsEmpty) return 0;
        var tag = ReadRawVarint();
        wireType = (int)(tag & 7);
        var field = tag >> 3;
        return field is > 0 and <= int.MaxValue ? (int)field : throw new MalformedTelemetryException("a field has no valid number");
    }

    /// <summary>Whether the field just met is one 64-bit number.</summary>
    public readonly bool IsFixed64 => wireType == Fixed64;

    public ulong ReadUInt64() => wireType switch
    {
        Varint => ReadRawVarint(),
        Fixed64 => BinaryPrimitives.ReadUInt64LittleEndian(Take(8)),
        Fixed32 => BinaryPrimitives.ReadUInt32LittleEndian(Take(4)),
        _ => throw new MalformedTelemetryException("a number was expected"),
    };

    public long ReadInt64() => (long)ReadUInt64();

    public int ReadInt32() => (int)ReadUInt64();

    public double ReadDouble() => wireType == Fixed64
        ? BinaryPrimitives.ReadDoubleLittleEndian(Take(8))
        : throw new MalformedTelemetryException("a double was expected");

    /// <summary>A string's, a byte field's or a nested message's bytes.</summary>
    public ReadOnlySpan<byte> ReadBytes()
    {
        if (wireType != LengthDelimited) throw new MalformedTelemetryException("a length-delimited field was expected");
        var length = ReadRawVarint();
        return length <= (ulong)rest.Length ? Take((int)length) : throw new MalformedTelemetryException("a field is longer than its message");
    }

    public string ReadString() => Encoding.UTF8.GetString(ReadBytes());

    public ProtoReader ReadMessage() => new(ReadBytes());

    public void Skip()
    {
        switch (wireType)
        {
            case Varint:
                ReadRawVarint();
                break;
            case Fixed64:
                Take(8);
                break;
            case LengthDelimited:
                ReadBytes();
                break;
            case Fixed32:
                Take(4);
                break;
            default:
                throw new MalformedTelemetryException($"wire type {wireType} does not exist");
        }
    }

    private ulong ReadRawVarint()
    {
        ulong value = 0;
        for (var shift = 0; shift < 64; shift += 7)
        {
            var next = Take(1)[0];
            value |= (ulong)(next & 0x7f) << shift;
            if (next < 0x80) return value;
        }
        throw new MalformedTelemetryException("a number is longer than 64 bits");
    }

    private ReadOnlySpan<byte> Take(int count)
    {
        if (count > rest.Length) throw new MalformedTelemetryException("the message ends in the middle of a field");
        var taken = rest[..count];
        rest = rest[count..];
        return taken;
    }
}

/// <summary>What arrived is not OTLP.</summary>
internal sealed class MalformedTelemetryException(string what) : Exception($"Malformed telemetry: {what}.");
