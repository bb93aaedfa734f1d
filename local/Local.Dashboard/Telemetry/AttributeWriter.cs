using System.Buffers;
using System.Buffers.Binary;
using System.Text;

namespace Local.Dashboard.Telemetry;

/// <summary>
/// Packs attributes into a few bytes each: keys, and values of keys that have few, as numbers of <see cref="Words"/>. What has a new value
/// each time (ids, paths) is kept as it is, so that it does not fill the words.
/// </summary>
internal sealed class AttributeWriter
{
    internal const int LongestValue = 16 * 1024;
    private const int FewValues = 250;
    private static readonly byte[] ValuesOf = new byte[Words.MostWords];

    private readonly ArrayBufferWriter<byte> _buffer = new(256);

    internal void Clear() => _buffer.ResetWrittenCount();

    internal byte[] ToArray() => _buffer.WrittenCount == 0 ? [] : _buffer.WrittenSpan.ToArray();

    internal void Write(ReadOnlySpan<byte> key, ReadOnlySpan<byte> text)
    {
        var mayBeWord = WriteKey(key, out var number);
        WriteByte(AttributeKind.Text);
        WriteText(Truncated(text), mayBeWord, number);
    }

    internal void Write(ReadOnlySpan<byte> key, string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        Write(key, bytes);
    }

    internal void Write(ReadOnlySpan<byte> key, long value)
    {
        WriteKey(key, out _);
        WriteByte(AttributeKind.Integer);
        WriteVarint((ulong)((value << 1) ^ (value >> 63)));
    }

    internal void Write(ReadOnlySpan<byte> key, double value)
    {
        WriteKey(key, out _);
        WriteByte(AttributeKind.Real);
        BinaryPrimitives.WriteDoubleLittleEndian(_buffer.GetSpan(8), value);
        _buffer.Advance(8);
    }

    internal void Write(ReadOnlySpan<byte> key, bool value)
    {
        WriteKey(key, out _);
        WriteByte(value ? AttributeKind.True : AttributeKind.False);
    }

    private bool WriteKey(ReadOnlySpan<byte> key, out int number)
    {
        key = Truncated(key);
        if (Words.Shared.TryNumber(key, out number))
        {
            WriteVarint((ulong)number << 1 | 1);
            return true;
        }
        WriteInline(key);
        return false;
    }

    private void WriteText(ReadOnlySpan<byte> text, bool mayBeWord, int key)
    {
        if (mayBeWord && !Words.Shared.TryFind(text, out _) && ValuesOf[key] < FewValues)
            ValuesOf[key]++; // A count lost between two threads does no harm.
        else if (mayBeWord && ValuesOf[key] >= FewValues)
            mayBeWord = Words.Shared.TryFind(text, out _);
        if (mayBeWord && Words.Shared.TryNumber(text, out var number))
            WriteVarint((ulong)number << 1 | 1);
        else
            WriteInline(text);
    }

    private void WriteInline(ReadOnlySpan<byte> text)
    {
        WriteVarint((ulong)text.Length << 1);
        _buffer.Write(text);
    }

    private void WriteByte(byte value)
    {
        _buffer.GetSpan(1)[0] = value;
        _buffer.Advance(1);
    }

    private void WriteVarint(ulong value)
    {
        var span = _buffer.GetSpan(10);
        var length = 0;
        for (; value >= 0x80; value >>= 7)
            span[length++] = (byte)(value | 0x80);
        span[length++] = (byte)value;
        _buffer.Advance(length);
    }

    private static ReadOnlySpan<byte> Truncated(ReadOnlySpan<byte> text) => text.Length <= LongestValue ? text : text[..LongestValue];
}

internal static class AttributeKind
{
    internal const byte Text = 0, Integer = 1, Real = 2, True = 3, False = 4;
}
