using System.Buffers.Binary;
using System.Text;

namespace Local.Dashboard.Tests.Telemetry;

/// <summary>Writes OTLP's messages by hand, field by field, so that tests decide about every byte.</summary>
internal sealed class OtlpBytes
{
    private readonly List<byte> _bytes = [];

    public byte[] ToArray() => [.. _bytes];

    public OtlpBytes Number(int field, ulong value) => Tag(field, 0).Varint(value);

    public OtlpBytes Fixed(int field, ulong value)
    {
        Tag(field, 1);
        Span<byte> bytes = stackalloc byte[8];
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, value);
        _bytes.AddRange(bytes);
        return this;
    }

    public OtlpBytes Double(int field, double value) => Fixed(field, BitConverter.DoubleToUInt64Bits(value));

    public OtlpBytes Bytes(int field, ReadOnlySpan<byte> value)
    {
        Tag(field, 2).Varint((ulong)value.Length);
        _bytes.AddRange(value);
        return this;
    }

    public OtlpBytes Text(int field, string value) => Bytes(field, Encoding.UTF8.GetBytes(value));

    public OtlpBytes Message(int field, OtlpBytes message) => Bytes(field, message.ToArray());

    public OtlpBytes Packed(int field, IEnumerable<ulong> values)
    {
        var packed = new List<byte>();
        Span<byte> bytes = stackalloc byte[8];
        foreach (var value in values)
        {
            BinaryPrimitives.WriteUInt64LittleEndian(bytes, value);
            packed.AddRange(bytes);
        }
        return Bytes(field, [.. packed]);
    }

    /// <summary>KeyValue with a string, number, fraction or truth.</summary>
    public OtlpBytes Attribute(int field, string key, object value) => Message(field, new OtlpBytes().Text(1, key).Message(2, Any(value)));

    public static OtlpBytes Any(object value) => value switch
    {
        string text => new OtlpBytes().Text(1, text),
        bool truth => new OtlpBytes().Number(2, truth ? 1UL : 0),
        int number => new OtlpBytes().Number(3, (ulong)number),
        long number => new OtlpBytes().Number(3, (ulong)number),
        double number => new OtlpBytes().Double(4, number),
        string[] all => new OtlpBytes().Message(5, all.Aggregate(new OtlpBytes(), (array, one) => array.Message(1, Any(one)))),
        byte[] bytes => new OtlpBytes().Bytes(7, bytes),
        _ => throw new ArgumentException($"No such value: {value.GetType()}"),
    };

    /// <summary>A whole request of one resource and one scope: <paramref name="items"/> are its spans, records or metrics.</summary>
    public static byte[] Request(string service, IEnumerable<OtlpBytes> items, string instance = "", string scope = "Tests")
    {
        var resource = new OtlpBytes().Attribute(1, "service.name", service).Attribute(1, "service.instance.id", instance);
        var inScope = new OtlpBytes().Message(1, new OtlpBytes().Text(1, scope));
        foreach (var item in items)
            inScope.Message(2, item);
        return new OtlpBytes().Message(1, new OtlpBytes().Message(1, resource).Message(2, inScope)).ToArray();
    }

    private OtlpBytes Tag(int field, int type) => Varint((ulong)field << 3 | (uint)type);

    private OtlpBytes Varint(ulong value)
    {
        for (; value >= 0x80; value >>= 7)
            _bytes.Add((byte)(value | 0x80));
        _bytes.Add((byte)value);
        return this;
    }
}

/// <summary>A span to be sent.</summary>
internal sealed record SpanToSend(UInt128 Trace, ulong Id, string Name)
{
    public ulong Parent { get; init; }

    public int Kind { get; init; } = 1;

    /// <summary>Milliseconds after an arbitrary moment.</summary>
    public double Start { get; init; }

    public double Duration { get; init; } = 1;

    public bool Failed { get; init; }

    public (string Key, object Value)[] Attributes { get; init; } = [];

    public static readonly DateTime Zero = new(2026, 1, 1, 12, 0, 0, DateTimeKind.Utc);

    public OtlpBytes Write(DateTime? zero = null)
    {
        Span<byte> trace = stackalloc byte[16], id = stackalloc byte[8], parent = stackalloc byte[8];
        BinaryPrimitives.WriteUInt128BigEndian(trace, Trace);
        BinaryPrimitives.WriteUInt64BigEndian(id, Id);
        BinaryPrimitives.WriteUInt64BigEndian(parent, Parent);
        var span = new OtlpBytes().Bytes(1, trace).Bytes(2, id);
        if (Parent != 0)
            span.Bytes(4, parent);
        span.Text(5, Name).Number(6, (ulong)Kind).Fixed(7, Nanos(zero, Start)).Fixed(8, Nanos(zero, Start + Duration));
        foreach (var (key, value) in Attributes)
            span.Attribute(9, key, value);
        if (Failed)
            span.Message(15, new OtlpBytes().Text(2, "it broke").Number(3, 2));
        return span;
    }

    private static ulong Nanos(DateTime? zero, double milliseconds) =>
        (ulong)(((zero ?? Zero) - DateTime.UnixEpoch).Ticks * 100 + (long)(milliseconds * 1_000_000));
}
