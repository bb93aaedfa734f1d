using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace Local.Dashboard.Telemetry;

/// <summary>W3C's 16 bytes, in a fifth of the memory that their text takes. Zero means: none.</summary>
public readonly record struct TraceId(UInt128 Value)
{
    internal const int Size = 16;

    internal bool IsNone => Value == 0;

    internal static TraceId From(ReadOnlySpan<byte> bytes) => bytes.Length == Size ? new(BinaryPrimitives.ReadUInt128BigEndian(bytes)) : default;

    internal static bool TryParse([NotNullWhen(true)] string? text, out TraceId id)
    {
        var isOne = UInt128.TryParse(text, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var value) && text!.Length == 2 * Size;
        id = isOne ? new(value) : default;
        return isOne;
    }

    public override string ToString() => Value.ToString("x32", CultureInfo.InvariantCulture);
}

/// <summary>W3C's 8 bytes. Zero means: none.</summary>
public readonly record struct SpanId(ulong Value)
{
    internal const int Size = 8;

    internal bool IsNone => Value == 0;

    internal static SpanId From(ReadOnlySpan<byte> bytes) => bytes.Length == Size ? new(BinaryPrimitives.ReadUInt64BigEndian(bytes)) : default;

    internal static bool TryParse([NotNullWhen(true)] string? text, out SpanId id)
    {
        var isOne = ulong.TryParse(text, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var value) && text!.Length == 2 * Size;
        id = isOne ? new(value) : default;
        return isOne;
    }

    public override string ToString() => Value.ToString("x16", CultureInfo.InvariantCulture);
}
