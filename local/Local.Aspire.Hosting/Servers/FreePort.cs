using System.Net;
using System.Net.Sockets;

namespace Local.Servers;

/// <summary>
/// A port nobody listens on. Taken from below the range that the kernel hands to outgoing connections (ip_local_port_range starts
/// at 32768), so a stopped server finds its port free again however many clients are trying to reach it meanwhile.
/// </summary>
public static class FreePort
{
    private const int First = 20_000;
    private const int Last = 32_000;

    public static int Next()
    {
        for (var attempt = 0; attempt < 1_000; attempt++)
        {
            var port = Random.Shared.Next(First, Last);
            if (IsFree(port))
                return port;
        }
        throw new InvalidOperationException($"No free port between {First} and {Last}.");
    }

    public static bool IsFree(int port) =>
        CanBind(new IPEndPoint(IPAddress.Loopback, port)) && (!Socket.OSSupportsIPv6 || CanBind(new IPEndPoint(IPAddress.IPv6Loopback, port)));

    private static bool CanBind(IPEndPoint address)
    {
        using var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            // Without SO_REUSEADDR the remains of closed connections (TIME_WAIT) would count as a listener.
            socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress, true);
            socket.Bind(address);
            socket.Listen(1);
            return true;
        }
        catch (SocketException e) when (e.SocketErrorCode is SocketError.AddressNotAvailable)
        {
            return true; // No such address here (IPv6 switched off), so nobody listens on it.
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
