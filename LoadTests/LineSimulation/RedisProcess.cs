using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using LoadTests.Server;
using StackExchange.Redis;

namespace LoadTests.LineSimulation;

/// <summary>A Redis of our own: empty, without persistence, gone when we are.</summary>
internal sealed class RedisProcess : IAsyncDisposable
{
    private static readonly TimeSpan UpWithin = TimeSpan.FromSeconds(10);

    private readonly Process _process;

    private RedisProcess(Process process, ConnectionMultiplexer connection) => (_process, Connection) = (process, connection);

    public ConnectionMultiplexer Connection { get; }

    public double CpuSeconds => ProcessTree.Measure([_process.Id])[_process.Id].CpuSeconds;

    /// <summary>Bytes that the data takes.</summary>
    public async Task<long> UsedMemoryAsync()
    {
        var info = (string)(await Connection.GetDatabase().ExecuteAsync("INFO", "memory"))!;
        var line = info.Split('\n').First(l => l.StartsWith("used_memory:", StringComparison.Ordinal));
        return long.Parse(line.Split(':')[1], CultureInfo.InvariantCulture);
    }

    public static async Task<RedisProcess> StartAsync(CancellationToken ct)
    {
        var port = FreePort();
        var start = new ProcessStartInfo("redis-server") { UseShellExecute = false, RedirectStandardOutput = true };
        foreach (var argument in new[] { "--port", $"{port}", "--bind", "127.0.0.1", "--save", "", "--appendonly", "no", "--loglevel", "warning" })
            start.ArgumentList.Add(argument);
        var process = Process.Start(start) ?? throw new InvalidOperationException("redis-server did not start.");
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(ct);
        deadline.CancelAfter(UpWithin);
        while (!await ListensAsync(port, deadline.Token))
            await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, deadline.Token);
        var connection = await ConnectionMultiplexer.ConnectAsync($"127.0.0.1:{port},syncTimeout=10000");
        connection.PreserveAsyncOrder = false;
        return new RedisProcess(process, connection);
    }

    public async ValueTask DisposeAsync()
    {
        Connection.Dispose();
        _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    private static async Task<bool> ListensAsync(int port, CancellationToken ct)
    {
        try
        {
            using var client = new TcpClient();
            await client.ConnectAsync(IPAddress.Loopback, port, ct);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
