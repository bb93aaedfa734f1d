using System.Buffers;
using System.Buffers.Binary;
using System.Net.Sockets;
using Local.Kafka.Protocol;

namespace Local.Kafka.Server;

/// <summary>
/// Cuts the byte stream of one connection into request frames. Small frames are read many at a time into one buffer;
/// a large one gets a buffer of its own, out of the budget, only for as long as it is handled.
/// </summary>
internal sealed class FrameReader(Socket socket, ByteBudget budget, int maxFrame) : IDisposable
{
    private const int BufferSize = 64 * 1024;
    private const int SizePrefix = sizeof(int);

    private readonly byte[] buffer = ArrayPool<byte>.Shared.Rent(BufferSize);
    private int start;
    private int end;
    private byte[]? large;
    private int reserved;

    /// <summary>The next frame, valid until the next call; null when the client has closed.</summary>
    /// <param name="begun">Called when the first bytes of a frame are there and the rest is waited for.</param>
    public async ValueTask<Memory<byte>?> ReadAsync(Action begun, CancellationToken ct)
    {
        ReleaseLarge();
        if (end - start < SizePrefix && !await FillAsync(SizePrefix, begun, ct)) return null;
        var size = BinaryPrimitives.ReadInt32BigEndian(buffer.AsSpan(start));
        if (size <= 0 || size > maxFrame) throw new MalformedRequestException($"a request of {size} bytes, the limit is {maxFrame}");
        start += SizePrefix;
        if (size > buffer.Length) return await ReadLargeAsync(size, begun, ct);

        if (end - start < size && !await FillAsync(size, begun, ct)) return null;
        var frame = buffer.AsMemory(start, size);
        start += size;
        return frame;
    }

    public void Dispose()
    {
        ReleaseLarge();
        ArrayPool<byte>.Shared.Return(buffer);
    }

    private async ValueTask<bool> FillAsync(int wanted, Action begun, CancellationToken ct)
    {
        if (start > 0)
        {
            buffer.AsSpan(start, end - start).CopyTo(buffer);
            (start, end) = (0, end - start);
        }
        var isBegun = false;
        while (end < wanted)
        {
            if (!isBegun && (end > 0 || wanted > SizePrefix))
            {
                isBegun = true; // once: a frame that comes in drops must be whole in time too
                begun();
            }
            var received = await socket.ReceiveAsync(buffer.AsMemory(end), ct);
            if (received == 0) return false;
            end += received;
        }
        return true;
    }

    private async ValueTask<Memory<byte>?> ReadLargeAsync(int size, Action begun, CancellationToken ct)
    {
        await budget.ReserveAsync(size).WaitAsync(ct);
        reserved = size;
        large = ArrayPool<byte>.Shared.Rent(size);
        var have = end - start;
        buffer.AsSpan(start, have).CopyTo(large);
        (start, end) = (0, 0);
        begun();
        while (have < size)
        {
            var received = await socket.ReceiveAsync(large.AsMemory(have, size - have), ct);
            if (received == 0) return null;
            have += received;
        }
        return large.AsMemory(0, size);
    }

    private void ReleaseLarge()
    {
        if (large is not null) ArrayPool<byte>.Shared.Return(large);
        if (reserved > 0) budget.Release(reserved);
        (large, reserved) = (null, 0);
    }
}
