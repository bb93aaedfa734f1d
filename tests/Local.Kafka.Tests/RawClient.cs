using System.Buffers.Binary;
using System.Net.Sockets;
using Local.Kafka.Protocol;

namespace Local.Kafka.Tests;

/// <summary>Speaks the protocol byte by byte, for what no well-behaved client would send.</summary>
internal sealed class RawClient : IDisposable
{
    private readonly TcpClient client = new();
    private readonly NetworkStream stream;
    private int correlation;

    public RawClient(string servers)
    {
        var parts = servers.Split(':');
        client.Connect(parts[0], int.Parse(parts[1]));
        stream = client.GetStream();
    }

    public async Task SendAsync(ReadOnlyMemory<byte> bytes) => await stream.WriteAsync(bytes);

    /// <summary>Sends a request in a version with old headers, and gives the answer's body.</summary>
    public async Task<byte[]> AskAsync(ApiKey key, short version, Action<WireWriter> body)
    {
        await SendAsync(Request(key, version, ++correlation, body));
        var answer = await ReceiveAsync();
        Assert.Equal(correlation, BinaryPrimitives.ReadInt32BigEndian(answer));
        return answer[sizeof(int)..];
    }

    /// <summary>Whether anything has come that was not read yet.</summary>
    public bool HasAnswer => client.Available > 0;

    public async Task CreateTopicAsync(string name)
    {
        await AskAsync(ApiKey.Metadata, 4, w =>
        {
            w.Structs([name], static (w, topic) => w.String(topic));
            w.Bool(true); // may be created
        });
    }

    public async Task<byte[]> ReceiveAsync()
    {
        var size = new byte[sizeof(int)];
        await stream.ReadExactlyAsync(size);
        var answer = new byte[BinaryPrimitives.ReadInt32BigEndian(size)];
        await stream.ReadExactlyAsync(answer);
        return answer;
    }

    public async Task<bool> IsClosedByServerAsync()
    {
        using var patience = new CancellationTokenSource(KafkaClients.Patience);
        try
        {
            return await stream.ReadAsync(new byte[1], patience.Token) == 0;
        }
        catch (IOException)
        {
            return true; // reset: closed with our bytes unread
        }
    }

    public void Dispose() => client.Dispose();

    public static byte[] Request(ApiKey key, short version, int correlation, Action<WireWriter> body, bool flexible = false)
    {
        using var header = new WireWriter { Version = version };
        header.Int32(0);
        header.Int16((short)key);
        header.Int16(version);
        header.Int32(correlation);
        header.String("raw");
        using var writer = new WireWriter { Version = version, Flexible = flexible };
        writer.NoTags();
        body(writer);
        writer.NoTags();
        byte[] frame = [.. header.Written.Span, .. writer.Written.Span];
        BinaryPrimitives.WriteInt32BigEndian(frame, frame.Length - sizeof(int));
        return frame;
    }
}
