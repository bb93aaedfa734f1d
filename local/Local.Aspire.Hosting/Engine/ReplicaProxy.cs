using System.Net;
using System.Net.Sockets;

namespace Local.Engine;

/// <summary>One public port in front of several processes: each connection goes to the next one that takes it.</summary>
internal sealed class ReplicaProxy(int port, IReadOnlyList<int> targets) : IAsyncDisposable
{
    private static readonly TimeSpan ConnectWithin = TimeSpan.FromSeconds(2);

    private readonly CancellationTokenSource _stop = new();
    private readonly List<Task> _accepting = [];
    private int _next;

    internal void Start()
    {
        if (_accepting.Count > 0)
            return;
        foreach (var address in new[] { IPAddress.Loopback, IPAddress.IPv6Loopback })
        {
            var listener = new TcpListener(address, port);
            try
            {
                listener.Start();
            }
            catch (SocketException e) when (e.SocketErrorCode is SocketError.AddressNotAvailable or SocketError.AddressFamilyNotSupported)
            {
                continue; // No IPv6 here.
            }
            _accepting.Add(AcceptAsync(listener, _stop.Token));
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await Task.WhenAll(_accepting);
        _stop.Dispose();
    }

    private async Task AcceptAsync(TcpListener listener, CancellationToken stopping)
    {
        try
        {
            while (true)
                _ = ForwardAsync(await listener.AcceptSocketAsync(stopping), stopping);
        }
        catch (OperationCanceledException)
        {
            // The end.
        }
        finally
        {
            listener.Dispose();
        }
    }

    private async Task ForwardAsync(Socket client, CancellationToken stopping)
    {
        using var _ = client;
        client.NoDelay = true;
        using var server = await ConnectAsync(stopping);
        if (server is null)
            return;
        try
        {
            // Not both at once: where one direction breaks off, as when a replica is killed, the other would wait for ever.
            await foreach (var direction in Task.WhenEach(CopyAsync(client, server, stopping), CopyAsync(server, client, stopping)))
                await direction;
        }
        catch (Exception e) when (e is SocketException or IOException or OperationCanceledException)
        {
            // One side went away; leaving closes the other.
        }
    }

    private async Task<Socket?> ConnectAsync(CancellationToken stopping)
    {
        for (var attempt = 0; attempt < targets.Count; attempt++)
        {
            var target = targets[(int)((uint)Interlocked.Increment(ref _next) % targets.Count)];
            var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            using var deadline = CancellationTokenSource.CreateLinkedTokenSource(stopping);
            deadline.CancelAfter(ConnectWithin);
            try
            {
                await socket.ConnectAsync("localhost", target, deadline.Token);
                return socket;
            }
            catch (Exception e) when (e is SocketException or OperationCanceledException)
            {
                socket.Dispose(); // That replica is down: the next one.
            }
        }
        return null;
    }

    private static async Task CopyAsync(Socket from, Socket to, CancellationToken stopping)
    {
        await using var source = new NetworkStream(from, ownsSocket: false);
        await using var target = new NetworkStream(to, ownsSocket: false);
        await source.CopyToAsync(target, stopping);
        to.Shutdown(SocketShutdown.Send);
    }
}
