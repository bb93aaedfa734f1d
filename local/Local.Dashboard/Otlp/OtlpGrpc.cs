using System.Buffers.Binary;
using System.Globalization;
using Local.Dashboard.Telemetry;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing;

namespace Local.Dashboard.Otlp;

/// <summary>
/// OTLP over gRPC: three unary calls, and no more of gRPC than they need
/// (https://github.com/grpc/grpc/blob/master/doc/PROTOCOL-HTTP2.md). A message has a prefix, how it went stands in the trailers.
/// </summary>
internal static class OtlpGrpc
{
    internal const string Services = "/opentelemetry.proto.collector";
    private const string ContentType = "application/grpc";
    private const string Status = "grpc-status", Message = "grpc-message";
    private const int Ok = 0, InvalidArgument = 3, ResourceExhausted = 8, Unimplemented = 12;

    internal static IEndpointRouteBuilder MapOtlpGrpc(this IEndpointRouteBuilder app)
    {
        app.MapPost(Services + ".trace.v1.TraceService/Export", (HttpContext context, TelemetryIntake intake) => TakeAsync(context, intake.TakeTraces));
        app.MapPost(Services + ".logs.v1.LogsService/Export", (HttpContext context, TelemetryIntake intake) => TakeAsync(context, intake.TakeLogs));
        app.MapPost(Services + ".metrics.v1.MetricsService/Export", (HttpContext context, TelemetryIntake intake) => TakeAsync(context, intake.TakeMetrics));
        return app;
    }

    private static async Task TakeAsync(HttpContext context, Func<ReadOnlyMemory<byte>, int> take)
    {
        var (request, response) = (context.Request, context.Response);
        if (request.ContentType?.StartsWith(ContentType, StringComparison.OrdinalIgnoreCase) is not true)
        {
            response.StatusCode = StatusCodes.Status415UnsupportedMediaType;
            return;
        }
        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit)
            limit.MaxRequestBodySize = GrpcMessage.PrefixLength + OtlpBody.MostBytes;
        try
        {
            using var message = await GrpcMessage.ReadAsync(request, context.RequestAborted);
            await AnswerAsync(response, OtlpAnswer.Accepted(take(message.Bytes)), context.RequestAborted);
        }
        catch (OtlpRefusal refusal)
        {
            Refuse(response, CodeOf(refusal.Status), refusal.Message);
        }
        catch (BadHttpRequestException broken)
        {
            Refuse(response, CodeOf(broken.StatusCode), broken.Message);
        }
        catch (MalformedTelemetryException malformed)
        {
            Refuse(response, InvalidArgument, malformed.Message);
        }
    }

    private static async Task AnswerAsync(HttpResponse response, byte[] answer, CancellationToken cancel)
    {
        response.ContentType = ContentType;
        var prefix = new byte[GrpcMessage.PrefixLength];
        BinaryPrimitives.WriteInt32BigEndian(prefix.AsSpan(1), answer.Length);
        await response.Body.WriteAsync(prefix, cancel);
        await response.Body.WriteAsync(answer, cancel);
        response.AppendTrailer(Status, Ok.ToString(CultureInfo.InvariantCulture));
    }

    // Without a message the trailers are the headers.
    private static void Refuse(HttpResponse response, int code, string why)
    {
        response.ContentType = ContentType;
        response.Headers[GrpcMessage.AcceptedEncodings] = "identity,gzip";
        response.Headers[Status] = code.ToString(CultureInfo.InvariantCulture);
        response.Headers[Message] = Uri.EscapeDataString(why);
    }

    private static int CodeOf(int status) => status switch
    {
        StatusCodes.Status413PayloadTooLarge => ResourceExhausted,
        StatusCodes.Status415UnsupportedMediaType => Unimplemented,
        _ => InvalidArgument,
    };
}
