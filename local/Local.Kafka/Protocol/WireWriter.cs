using System.Buffers;
using System.Buffers.Binary;
using System.Text;
using Local.Kafka.Log;

namespace Local.Kafka.Protocol;

/// <summary>
/// Writes one response frame. Record data is not copied here: it is noted as a region of a segment file that belongs
/// between two written bytes, and goes from the file to the socket when the response is sent.
/// </summary>
internal sealed class WireWriter : IDisposable
{
    private const int InitialSize = 512;

    private readonly List<Splice> splices = [];
    private byte[] buffer = ArrayPool<byte>.Shared.Rent(InitialSize);
    private int length;

    public readonly record struct Splice(int Position, FileRegion Region);

    public short Version { get; init; }

    public bool Flexible { get; init; }

    public ReadOnlyMemory<byte> Written => buffer.AsMemory(0, length);

    public IReadOnlyList<Splice> Splices => splices;

    public void Int8(sbyte value) => Claim(1)[0] = (byte)value;

    public void Bool(bool value) => Claim(1)[0] = value ? (byte)1 : (byte)0;

    public void Int16(short value) => BinaryPrimitives.WriteInt16BigEndian(Claim(2), value);

    public void Int32(int value) => BinaryPrimitives.WriteInt32BigEndian(Claim(4), value);

    public void Int64(long value) => BinaryPrimitives.WriteInt64BigEndian(Claim(8), value);

    public void Uuid(Guid value) => value.TryWriteBytes(Claim(16), bigEndian: true, out _);

    public void Error(ErrorCode error) => Int16((short)error);

    /// <summary>This broker never throttles.</summary>
    public void ThrottleTime(short since = 0)
    {
        if (Version >= since) Int32(0);
    }

    public void String(string? value)
    {
        var size = value is null ? -1 : Encoding.UTF8.GetByteCount(value);
        if (Flexible) UnsignedVarInt((uint)(size + 1));
        else Int16(checked((short)size));
        if (size > 0) Encoding.UTF8.GetBytes(value, Claim(size));
    }

    public void Bytes(ReadOnlySpan<byte> value)
    {
        BytesLength(value.Length);
        value.CopyTo(Claim(value.Length));
    }

    public void Records(FileRegion? region)
    {
        BytesLength(region?.Length ?? 0);
        if (region is not null) splices.Add(new Splice(length, region));
    }

    public void Int32Array(ReadOnlySpan<int> values)
    {
        ArrayLength(values.Length);
        foreach (var value in values) Int32(value);
    }

    public void Structs<T>(IReadOnlyCollection<T>? items, Action<WireWriter, T> write)
    {
        ArrayLength(items?.Count ?? -1);
        foreach (var item in items ?? [])
        {
            write(this, item);
            NoTags();
        }
    }

    public void ArrayLength(int count)
    {
        if (Flexible) UnsignedVarInt((uint)(count + 1));
        else Int32(count);
    }

    /// <summary>Closes a structure: in flexible versions with its empty set of tagged fields.</summary>
    public void NoTags()
    {
        if (Flexible) UnsignedVarInt(0);
    }

    /// <summary>Writes the frame's size in front, now that it is known.</summary>
    public void Finish()
    {
        var size = length - sizeof(int) + splices.Sum(splice => (long)splice.Region.Length);
        BinaryPrimitives.WriteInt32BigEndian(buffer, checked((int)size));
    }

    public void Dispose() => ArrayPool<byte>.Shared.Return(buffer);

    private void BytesLength(int count)
    {
        if (Flexible) UnsignedVarInt((uint)count + 1);
        else Int32(count);
    }

    private void UnsignedVarInt(uint value)
    {
        for (; value >= 0x80; value >>= 7) Claim(1)[0] = (byte)(value | 0x80);
        Claim(1)[0] = (byte)value;
    }

    private Span<byte> Claim(int count)
    {
        if (buffer.Length - length < count)
        {
            var larger = ArrayPool<byte>.Shared.Rent(Math.Max(buffer.Length * 2, length + count));
            buffer.AsSpan(0, length).CopyTo(larger);
            ArrayPool<byte>.Shared.Return(buffer);
            buffer = larger;
        }
        length += count;
        return buffer.AsSpan(length - count, count);
    }
}
