using System.Buffers.Binary;
using System.Globalization;
using System.Text;

namespace Local.Dashboard.Telemetry;

/// <summary>What <see cref="AttributeWriter"/> packed, read when somebody looks.</summary>
public readonly struct Attributes(byte[] packed)
{
    internal int Size => packed.Length;

    internal string? this[string key]
    {
        get
        {
            foreach (var attribute in this)
            {
                if (attribute.Key == key)
                    return attribute.Value;
            }
            return null;
        }
    }

    public Enumerator GetEnumerator() => new(packed);

    internal List<KeyValuePair<string, string>> ToList()
    {
        var list = new List<KeyValuePair<string, string>>();
        foreach (var attribute in this)
            list.Add(attribute);
        return list;
    }

    public struct Enumerator(byte[] packed)
    {
        private int _at;

        public KeyValuePair<string, string> Current { get; private set; }

        public bool MoveNext()
        {
            if (_at >= packed.Length)
                return false;
            var key = ReadText();
            Current = new(key, packed[_at++] switch
            {
                AttributeKind.Text => ReadText(),
                AttributeKind.Integer => ReadInteger().ToString(CultureInfo.InvariantCulture),
                AttributeKind.Real => ReadReal().ToString(CultureInfo.InvariantCulture),
                AttributeKind.True => "true",
                _ => "false",
            });
            return true;
        }

        private string ReadText()
        {
            var head = ReadVarint();
            if ((head & 1) != 0)
                return Words.Shared[(int)(head >> 1)];
            var length = (int)(head >> 1);
            var text = Encoding.UTF8.GetString(packed, _at, length);
            _at += length;
            return text;
        }

        private long ReadInteger()
        {
            var value = ReadVarint();
            return (long)(value >> 1) ^ -(long)(value & 1);
        }

        private double ReadReal()
        {
            var value = BinaryPrimitives.ReadDoubleLittleEndian(packed.AsSpan(_at));
            _at += 8;
            return value;
        }

        private ulong ReadVarint()
        {
            ulong value = 0;
            for (var shift = 0; ; shift += 7)
            {
                var next = packed[_at++];
                value |= (ulong)(next & 0x7f) << shift;
                if (next < 0x80)
                    return value;
            }
        }
    }
}
