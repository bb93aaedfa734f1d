using Local.Kafka.Protocol;

namespace Local.Kafka.Tests;

public sealed class FrameFuzzTests
{
    private const int Frames = 1_000_000;

    /// <summary>Far above what an honest frame of this size can need, far below what a forged length could ask for.</summary>
    private const long MaxBytesPerFrame = 1 << 20;

    [Fact]
    public void A_million_mutated_frames_are_read_or_refused_and_none_costs_much_memory()
    {
        var refused = 0;
        Parallel.For(0, Environment.ProcessorCount, worker =>
        {
            var random = new Random(worker + 1);
            var seeds = Api.All.SelectMany(api => Enumerable.Range(api.Min, api.Max - api.Min + 1).Select(version => SeedFrames.For(api.Key, (short)version))).ToArray();
            var buffer = new byte[4096];
            for (var i = 0; i < Frames / Environment.ProcessorCount + 1; i++)
            {
                var frame = Mutate(seeds[random.Next(seeds.Length)], buffer, random);
                var before = GC.GetAllocatedBytesForCurrentThread();
                try
                {
                    RequestFrame.Decode(frame);
                }
                catch (MalformedRequestException)
                {
                    Interlocked.Increment(ref refused);
                }
                Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, MaxBytesPerFrame);
            }
        });
        Assert.InRange(refused, Frames / 100, Frames - Frames / 100); // both outcomes were reached
    }

    [Fact]
    public void Every_api_in_every_version_reads_an_honest_frame()
    {
        foreach (var api in Api.All)
        {
            for (var version = api.Min; version <= api.Max; version++)
                Assert.NotNull(RequestFrame.Decode(SeedFrames.For(api.Key, version)).Body);
        }
    }

    private static Memory<byte> Mutate(byte[] seed, byte[] buffer, Random random)
    {
        seed.CopyTo(buffer, 0);
        var length = seed.Length;
        for (var edits = random.Next(1, 5); edits > 0; edits--)
        {
            var at = random.Next(length);
            switch (random.Next(6))
            {
                case 0: buffer[at] = (byte)random.Next(256); break;
                case 1: buffer[at] ^= (byte)(1 << random.Next(8)); break;
                case 2: length = at + 1; break;
                case 3: buffer.AsSpan(at, Math.Min(4, length - at)).Fill(random.Next(2) == 0 ? (byte)0xff : (byte)0x7f); break;
                case 4:
                    foreach (ref var small in buffer.AsSpan(at, Math.Min(32, length - at))) small = (byte)random.Next(4); // arrays and strings that are not empty
                    break;
                default:
                    var more = random.Next(1, 64);
                    if (length + more > buffer.Length) break;
                    random.NextBytes(buffer.AsSpan(length, more));
                    length += more;
                    break;
            }
        }
        return buffer.AsMemory(0, length);
    }
}
