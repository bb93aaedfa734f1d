using System.Buffers;
using System.Net.Sockets;
using Local.Kafka.Log;
using Local.Kafka.Protocol;

namespace Local.Kafka.Server;

/// <summary>Sends answers, passing record data from the segment files through one small buffer, however much was fetched.</summary>
internal static class ResponseSender
{
    private const int ChunkSize = 128 * 1024;

    public static async ValueTask SendAsync(Socket socket, WireWriter response, CancellationToken ct)
    {
        if (response.Splices.Count == 0)
        {
            await SendAllAsync(socket, response.Written, ct);
            return;
        }
        var chunk = ArrayPool<byte>.Shared.Rent(ChunkSize);
        try
        {
            var filled = 0;
            var written = 0;
            foreach (var (position, region) in response.Splices)
            {
                filled = await CopyAsync(socket, chunk, filled, response.Written[written..position], ct);
                written = position;
                filled = await CopyAsync(socket, chunk, filled, region, ct);
            }
            filled = await CopyAsync(socket, chunk, filled, response.Written[written..], ct);
            await SendAllAsync(socket, chunk.AsMemory(0, filled), ct);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(chunk);
        }
    }

    private static async ValueTask<int> CopyAsync(Socket socket, byte[] chunk, int filled, ReadOnlyMemory<byte> bytes, CancellationToken ct)
    {
        while (bytes.Length > 0)
        {
            var count = Math.Min(bytes.Length, chunk.Length - filled);
            bytes[..count].CopyTo(chunk.AsMemory(filled));
            bytes = bytes[count..];
            filled = await SendIfFullAsync(socket, chunk, filled + count, ct);
        }
        return filled;
    }

    private static async ValueTask<int> CopyAsync(Socket socket, byte[] chunk, int filled, FileRegion region, CancellationToken ct)
    {
        for (var done = 0; done < region.Length;)
        {
            var count = RandomAccess.Read(region.Handle, chunk.AsSpan(filled, Math.Min(region.Length - done, chunk.Length - filled)), region.Position + done);
            if (count == 0) throw new IOException("A segment file is shorter than its log.");
            done += count;
            filled = await SendIfFullAsync(socket, chunk, filled + count, ct);
        }
        return filled;
    }

    private static async ValueTask<int> SendIfFullAsync(Socket socket, byte[] chunk, int filled, CancellationToken ct)
    {
        if (filled < chunk.Length) return filled;
        await SendAllAsync(socket, chunk, ct);
        return 0;
    }

    private static async ValueTask SendAllAsync(Socket socket, ReadOnlyMemory<byte> bytes, CancellationToken ct)
    {
        while (bytes.Length > 0) bytes = bytes[await socket.SendAsync(bytes, ct)..];
    }
}
