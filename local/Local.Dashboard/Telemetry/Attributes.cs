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
            var attributes = GetEnumerator();
            while (attributes.MoveNext())
            {
                if (attributes.Key == key)
                    return attributes.Value;
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

    /// <summary>Makes text of a value only when asked for it: most are passed over.</summary>
    public struct Enumerator(byte[] packed)
    {
        private int _at;
        private int _value;

        public string Key { get; private set; } = "";

        public readonly string Value
        {
            get
            {
                var reader = this;
                reader._at = _value + 1;
                return packed[_value] switch
                {
                    AttributeKind.Text => reader.ReadText(),
                    AttributeKind.Integer => reader.ReadInteger().ToString(CultureInfo.InvariantCulture),
                    AttributeKind.Real => reader.ReadReal().ToString(CultureInfo.InvariantCulture),
                    AttributeKind.True => "true",
                    _ => "false",
                };
            }
        }

        public readonly KeyValuePair<string, string> Current => new(Key, Value);

        public bool MoveNext()
        {
            if (_at >= packed.Length)
                return false;
            Key = ReadText();
            _value = _at++;
            switch (packed[_value])
            {
                case AttributeKind.Text:
                    var head = ReadVarint();
                    if ((head & 1) == 0)
                        _at += (int)(head >> 1);
                    break;
                case AttributeKind.Integer:
                    ReadVarint();
                    break;
                case AttributeKind.Real:
                    _at += sizeof(double);
                    break;
            }
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
