using System.Net;
using System.Net.Sockets;
using Local.Engine;
using Local.Servers;

namespace Aspire.Hosting.Tests;

public sealed class ReplicaProxyTests
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_request_that_a_replica_died_with_is_cut_off_and_does_not_hang()
    {
        using var replica = new TcpListener(IPAddress.Loopback, 0);
        replica.Start();
        var port = FreePort.Next();
        await using var proxy = new ReplicaProxy(port, [((IPEndPoint)replica.LocalEndpoint).Port]);
        proxy.Start();
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, port, Cancelled);
        await client.GetStream().WriteAsync("GET / HTTP/1.1\r\n\r\n"u8.ToArray(), Cancelled);

        // The kernel resets a connection whose process died with bytes unread.
        using (var dying = await replica.AcceptSocketAsync(Cancelled))
            dying.LingerState = new LingerOption(enable: true, seconds: 0);

        Assert.True(await IsCutAsync(client.GetStream()));
    }

    private static async Task<bool> IsCutAsync(NetworkStream stream)
    {
        try
        {
            return await stream.ReadAsync(new byte[1], Cancelled).AsTask().WaitAsync(TimeSpan.FromSeconds(30), Cancelled) == 0;
        }
        catch (IOException)
        {
            return true;
        }
    }
}
