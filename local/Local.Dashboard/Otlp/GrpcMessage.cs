using System.Buffers.Binary;
using Microsoft.AspNetCore.Http;

namespace Local.Dashboard.Otlp;

/// <summary>The one message of a unary call: a byte that says whether it is packed, four for its length, and itself.</summary>
internal static class GrpcMessage
{
    internal const int PrefixLength = 5;
    internal const string AcceptedEncodings = "grpc-accept-encoding";
    private const string Encoding = "grpc-encoding";

    /// <exception cref="OtlpRefusal">It is no message, or one that cannot be unpacked.</exception>
    internal static async Task<OtlpBody> ReadAsync(HttpRequest request, CancellationToken cancel)
    {
        var prefix = new byte[PrefixLength];
        if (await request.Body.ReadAtLeastAsync(prefix, PrefixLength, throwOnEndOfStream: false, cancel) < PrefixLength)
            throw Broken();
        var length = BinaryPrimitives.ReadUInt32BigEndian(prefix.AsSpan(1));
        if (length > OtlpBody.MostBytes)
            throw OtlpBody.TooLarge();
        if (prefix[0] > 1)
            throw Broken();
        var isPacked = prefix[0] == 1;
        if (isPacked && request.Headers[Encoding] != "gzip")
            throw new OtlpRefusal(StatusCodes.Status415UnsupportedMediaType, "The message encoding must be gzip or none.");
        var body = await OtlpBody.ReadAsync(request.Body, length, isPacked: false, cancel);
        if (body.Bytes.Length == length && !isPacked)
            return body;
        using (body)
        {
            // Fewer bytes than promised, or a second message, which a unary call does not have.
            if (body.Bytes.Length != length)
                throw Broken();
            await using var packed = new MemoryStream(body.Bytes.ToArray(), writable: false);
            return await OtlpBody.ReadAsync(packed, length, isPacked: true, cancel);
        }
    }

    private static OtlpRefusal Broken() => new(StatusCodes.Status400BadRequest, "The body is not one gRPC message.");
}
