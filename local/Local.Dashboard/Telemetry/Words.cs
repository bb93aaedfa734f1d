using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace Local.Dashboard.Telemetry;

/// <summary>
/// Keeps one copy of the strings that come again and again (names of spans, keys of attributes, routes, status codes) and gives each a
/// number, so that telemetry stores two bytes in its place. Bounded: what is new when it is full is stored where it occurs.
/// </summary>
internal sealed class Words
{
    internal const int MostWords = 30_000;
    private const int LongestWord = 128;

    /// <summary>One for the process, like the runtime's own pool of literals.</summary>
    internal static Words Shared { get; } = new();

    private readonly ConcurrentDictionary<string, int> _numbers = new(Utf8Comparer.Instance);
    private readonly ConcurrentDictionary<string, int>.AlternateLookup<ReadOnlySpan<byte>> _byBytes;
    private readonly string[] _words = new string[MostWords];
    private readonly Lock _adding = new();
    private int _count;

    internal Words() => _byBytes = _numbers.GetAlternateLookup<ReadOnlySpan<byte>>();

    internal int Count => Volatile.Read(ref _count);

    internal string this[int number] => Volatile.Read(ref _words[number]);

    /// <summary>The word's number, as long as it is one of few and short.</summary>
    internal bool TryNumber(ReadOnlySpan<byte> utf8, out int number) => _byBytes.TryGetValue(utf8, out number) || TryAdd(utf8, out number);

    /// <summary>Only a word that is known already.</summary>
    internal bool TryFind(ReadOnlySpan<byte> utf8, out int number) => _byBytes.TryGetValue(utf8, out number);

    /// <summary>The shared copy where there is one.</summary>
    internal string Share(ReadOnlySpan<byte> utf8) => TryNumber(utf8, out var number) ? this[number] : Encoding.UTF8.GetString(utf8);

    private bool TryAdd(ReadOnlySpan<byte> utf8, out int number)
    {
        number = 0;
        if (utf8.Length > LongestWord || Count >= MostWords)
            return false;
        var word = Encoding.UTF8.GetString(utf8);
        lock (_adding)
        {
            if (_numbers.TryGetValue(word, out number))
                return true;
            if (_count >= MostWords)
                return false;
            number = _count;
            Volatile.Write(ref _words[number], word);
            Volatile.Write(ref _count, number + 1);
            _numbers[word] = number;
            return true;
        }
    }

    /// <summary>Finds a string by its UTF-8 without making a string of it.</summary>
    private sealed class Utf8Comparer : IEqualityComparer<string>, IAlternateEqualityComparer<ReadOnlySpan<byte>, string>
    {
        internal static readonly Utf8Comparer Instance = new();

        public bool Equals(string? x, string? y) => string.Equals(x, y, StringComparison.Ordinal);

        public int GetHashCode([DisallowNull] string obj)
        {
            Span<byte> bytes = stackalloc byte[3 * LongestWord];
            return Encoding.UTF8.TryGetBytes(obj, bytes, out var written) ? GetHashCode(bytes[..written]) : 0;
        }

        public bool Equals(ReadOnlySpan<byte> alternate, string other)
        {
            Span<byte> bytes = stackalloc byte[3 * LongestWord];
            return Encoding.UTF8.TryGetBytes(other, bytes, out var written) && alternate.SequenceEqual(bytes[..written]);
        }

        public int GetHashCode(ReadOnlySpan<byte> alternate)
        {
            var hash = new HashCode();
            hash.AddBytes(alternate);
            return hash.ToHashCode();
        }

        public string Create(ReadOnlySpan<byte> alternate) => Encoding.UTF8.GetString(alternate);
    }
}
