using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace QueueService.Domain;

/// <summary>
/// The turns of those who came before a sale opened: tickets <c>(From, To]</c> are put in the order of a keyed permutation, and
/// nobody can know it before the opening chooses who takes part. O(1) in time and memory however many they are.
/// </summary>
/// <remarks>A Feistel network over a grid that just holds them all; cells outside are walked through. Line/Scripts/line.lua computes the same.</remarks>
public readonly record struct Shuffle(long From, long To, string Seed)
{
    private const int Rounds = 6;

    /// <summary>The turn of a ticket: its own number where it was not shuffled.</summary>
    public long TurnOf(long ticket)
        => ticket <= From || ticket > To ? ticket : From + 1 + Permute(ticket - From - 1, To - From);

    private long Permute(long x, long count)
    {
        var rows = (long)Math.Ceiling(Math.Sqrt(count));
        var columns = (long)Math.Ceiling((double)count / rows);
        do
        {
            var (row, column) = Math.DivRem(x, columns);
            for (var round = 1; round < Rounds; round += 2)
            {
                row = (row + Mix(round, column)) % rows;
                column = (column + Mix(round + 1, row)) % columns;
            }
            x = row * columns + column;
        }
        while (x >= count);
        return x;
    }

    // SHA-1 because Redis offers it to scripts: it only has to mix well and to keep the seed.
    private long Mix(int round, long x)
    {
        Span<byte> hash = stackalloc byte[SHA1.HashSizeInBytes];
#pragma warning disable CA5350 // see above
        SHA1.HashData(Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{Seed}:{round}:{x}")), hash);
#pragma warning restore CA5350
        return BinaryPrimitives.ReadUInt32BigEndian(hash);
    }
}
