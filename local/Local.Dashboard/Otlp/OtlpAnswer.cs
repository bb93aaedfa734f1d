using System.Text;
using Microsoft.AspNetCore.Http;

namespace Local.Dashboard.Otlp;

/// <summary>The few bytes of the answers: an Export…ServiceResponse, or google.rpc.Status for an error.</summary>
internal static class OtlpAnswer
{
    private const int InvalidArgument = 3;
    private const string WhyRefused = "Not kept: the kind is not supported, or the dashboard holds as many of them as it may.";

    internal static Task WriteAcceptedAsync(HttpResponse response, int refused, CancellationToken cancel) =>
        WriteAsync(response, StatusCodes.Status200OK, Accepted(refused), cancel);

    // Status: code = 1, message = 2.
    internal static Task WriteRefusedAsync(HttpResponse response, int status, string message, CancellationToken cancel)
    {
        var answer = new List<byte>();
        AppendNumber(answer, 1, InvalidArgument);
        AppendBytes(answer, 2, Encoding.UTF8.GetBytes(message));
        return WriteAsync(response, status, [.. answer], cancel);
    }

    // All three responses: partial_success = 1 { rejected = 1, error_message = 2 }, absent when all was taken.
    internal static byte[] Accepted(int refused)
    {
        if (refused == 0)
            return [];
        var partial = new List<byte>();
        AppendNumber(partial, 1, (uint)refused);
        AppendBytes(partial, 2, Encoding.UTF8.GetBytes(WhyRefused));
        var answer = new List<byte>();
        AppendBytes(answer, 1, [.. partial]);
        return [.. answer];
    }

    private static Task WriteAsync(HttpResponse response, int status, byte[] answer, CancellationToken cancel)
    {
        response.StatusCode = status;
        response.ContentType = "application/x-protobuf";
        response.ContentLength = answer.Length;
        return answer.Length == 0 ? Task.CompletedTask : response.Body.WriteAsync(answer, cancel).AsTask();
    }

    private static void AppendNumber(List<byte> to, int field, uint value)
    {
        to.Add((byte)(field << 3));
        AppendVarint(to, value);
    }

    private static void AppendBytes(List<byte> to, int field, byte[] bytes)
    {
        to.Add((byte)(field << 3 | 2));
        AppendVarint(to, (uint)bytes.Length);
        to.AddRange(bytes);
    }

    private static void AppendVarint(List<byte> to, uint value)
    {
        for (; value >= 0x80; value >>= 7)
            to.Add((byte)(value | 0x80));
        to.Add((byte)value);
    }
}
