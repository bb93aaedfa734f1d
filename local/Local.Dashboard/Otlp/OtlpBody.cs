using System.Buffers;
using System.IO.Compression;
using Microsoft.AspNetCore.Http;

namespace Local.Dashboard.Otlp;

/// <summary>A request's body in a rented buffer, unpacked, and never longer than the limit, however small it came.</summary>
internal sealed class OtlpBody : IDisposable
{
    internal const int MostBytes = 16 * 1024 * 1024;
    private const int FirstBuffer = 64 * 1024;
    private const string Protobuf = "application/x-protobuf";

    private byte[] _buffer;
    private int _length;

    private OtlpBody(int size) => _buffer = ArrayPool<byte>.Shared.Rent(size);

    internal ReadOnlyMemory<byte> Bytes => _buffer.AsMemory(0, _length);

    internal static void Check(HttpRequest request)
    {
        if (request.ContentType?.Split(';')[0].Trim().Equals(Protobuf, StringComparison.OrdinalIgnoreCase) is not true)
            throw new OtlpRefusal(StatusCodes.Status415UnsupportedMediaType, $"The content type must be {Protobuf}.");
        if (request.Headers.ContentEncoding.ToString() is not ("" or "identity" or "gzip"))
            throw new OtlpRefusal(StatusCodes.Status415UnsupportedMediaType, "The content encoding must be gzip or none.");
        if (request.ContentLength > MostBytes)
            throw TooLarge();
    }

    internal static Task<OtlpBody> ReadAsync(HttpRequest request, CancellationToken cancel) =>
        ReadAsync(request.Body, request.ContentLength, request.Headers.ContentEncoding == "gzip", cancel);

    internal static async Task<OtlpBody> ReadAsync(Stream from, long? length, bool isPacked, CancellationToken cancel)
    {
        var body = new OtlpBody((int)Math.Max(FirstBuffer, length ?? 0));
        try
        {
            if (isPacked)
            {
                await using var unpacked = new GZipStream(from, CompressionMode.Decompress, leaveOpen: true);
                await body.FillAsync(unpacked, cancel);
            }
            else
            {
                await body.FillAsync(from, cancel);
            }
            return body;
        }
        catch (InvalidDataException)
        {
            body.Dispose();
            throw new OtlpRefusal(StatusCodes.Status400BadRequest, "The body is no gzip.");
        }
        catch
        {
            body.Dispose();
            throw;
        }
    }

    public void Dispose()
    {
        ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = [];
    }

    private async Task FillAsync(Stream from, CancellationToken cancel)
    {
        while (true)
        {
            if (_length == _buffer.Length)
                Grow();
            var read = await from.ReadAsync(_buffer.AsMemory(_length), cancel);
            if (read == 0)
                return;
            _length += read;
            if (_length > MostBytes)
                throw TooLarge();
        }
    }

    private void Grow()
    {
        var larger = ArrayPool<byte>.Shared.Rent(_buffer.Length * 2);
        _buffer.AsSpan(0, _length).CopyTo(larger);
        ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = larger;
    }

    internal static OtlpRefusal TooLarge() => new(StatusCodes.Status413PayloadTooLarge, $"A request holds at most {MostBytes} bytes, unpacked.");
}

/// <summary>The request as a whole is not taken.</summary>
internal sealed class OtlpRefusal(int status, string message) : Exception(message)
{
    internal int Status => status;
}
