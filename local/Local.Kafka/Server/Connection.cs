using System.Net.Sockets;
using Local.Kafka.Groups;
using Local.Kafka.Protocol;
using Local.Kafka.Protocol.Messages;
using Microsoft.Extensions.Logging;

namespace Local.Kafka.Server;

/// <summary>
/// One client: its requests are handled one after the other, as in Kafka, so that answers keep their order and a client
/// that does not read its answers is not read from either.
/// </summary>
internal sealed partial class Connection(Socket socket, Broker broker, ByteBudget budget, KafkaServerOptions options, TimeProvider time, ILogger<KafkaServer> logger)
{
    private readonly string peer = socket.RemoteEndPoint?.ToString() ?? "?";
    private long deadline = long.MaxValue;

    public async Task RunAsync(CancellationToken ct)
    {
        using var frames = new FrameReader(socket, budget, options.MaxRequestBytes);
        try
        {
            while (true)
            {
                SetDeadline(options.IdleTimeout);
                if (await frames.ReadAsync(() => SetDeadline(options.TransferTimeout), ct) is not { } bytes) return;
                Volatile.Write(ref deadline, long.MaxValue);
                if (!await HandleAsync(RequestFrame.Decode(bytes), ct)) return;
            }
        }
        catch (MalformedRequestException problem)
        {
            LogMalformed(peer, problem.Message);
        }
        catch (Exception failure) when (failure is SocketException or OperationCanceledException or ObjectDisposedException)
        {
            // The client is gone, or the server is stopping: either way nobody waits for an answer.
        }
        catch (Exception failure)
        {
            LogFailed(failure, peer);
        }
        finally
        {
            socket.Dispose();
        }
    }

    public void CloseIfOverdue(long now)
    {
        if (now > Volatile.Read(ref deadline)) socket.Dispose();
    }

    private async ValueTask<bool> HandleAsync(RequestFrame frame, CancellationToken ct)
    {
        if (frame.Body is null)
        {
            LogUnsupported(peer, frame.Header.ApiKey, frame.Header.Version);
            using var refusal = frame.RespondUnsupported();
            await SendAsync(refusal, ct);
            return true;
        }
        var response = await broker.HandleAsync(frame.Body, new Client(frame.Header.ClientId ?? "", peer), ct);
        if (frame.Body is ProduceRequest { Acks: 0 }) return response is not ProduceResponse { HasError: true }; // no answer is wanted: closing is the only way to tell
        using var writer = frame.Respond(response);
        await SendAsync(writer, ct);
        return true;
    }

    private ValueTask SendAsync(WireWriter response, CancellationToken ct)
    {
        SetDeadline(options.TransferTimeout);
        return ResponseSender.SendAsync(socket, response, ct);
    }

    private void SetDeadline(TimeSpan patience) => Volatile.Write(ref deadline, time.GetTimestamp() + (long)(patience.TotalSeconds * time.TimestampFrequency));

    [LoggerMessage(Level = LogLevel.Warning, Message = "Closed {Peer}: malformed request, {Problem}")]
    private partial void LogMalformed(string peer, string problem);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Peer} asked for API {Key} in version {Version}, which is not served")]
    private partial void LogUnsupported(string peer, short key, short version);

    [LoggerMessage(Level = LogLevel.Error, Message = "Closed {Peer}: a request failed")]
    private partial void LogFailed(Exception failure, string peer);
}
