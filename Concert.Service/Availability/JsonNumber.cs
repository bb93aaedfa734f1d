using System.Buffers.Text;

namespace ConcertService;

/// <summary>Whole numbers, not negative, as they stand in JSON.</summary>
internal static class JsonNumber
{
    public static int Digits(long number)
    {
        var digits = 1;
        for (; number >= 10; number /= 10)
            digits++;
        return digits;
    }

    /// <returns>How many bytes it took.</returns>
    public static int Write(long number, Span<byte> buffer)
    {
        Utf8Formatter.TryFormat(number, buffer, out var written);
        return written;
    }
}
