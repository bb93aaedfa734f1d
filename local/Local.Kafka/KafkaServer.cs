using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using Local.Kafka.Groups;
using Local.Kafka.Log;
using Local.Kafka.Protocol;
using Local.Kafka.Server;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Local.Kafka;

/// <summary>A single-node Kafka broker inside this process.</summary>
public sealed partial class KafkaServer(KafkaServerOptions options, ILoggerFactory? loggers = null, TimeProvider? time = null) : IAsyncDisposable
{
    private const int Backlog = 512;
    private static readonly TimeSpan SweepInterval = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan StopPatience = TimeSpan.FromSeconds(5);

    private readonly ILoggerFactory loggers = loggers ?? NullLoggerFactory.Instance;
    private readonly ILogger<KafkaServer> logger = (loggers ?? NullLoggerFactory.Instance).CreateLogger<KafkaServer>();
    private readonly TimeProvider time = time ?? TimeProvider.System;
    private readonly CancellationTokenSource stopping = new();
    private readonly ConcurrentDictionary<Connection, Task> connections = new();
    private readonly ByteBudget budget = new(options.MaxRequestBytesInFlight);
    private readonly List<Socket> listeners = [];
    private readonly List<Task> loops = [];
    private DataDirectory? data;

    /// <summary>The port that was chosen, once the server is started.</summary>
    public int Port { get; private set; }

    /// <summary>For tests that cut the power.</summary>
    internal Disk? Disk { get; init; }

    public string BootstrapServers => $"{options.AdvertisedHost}:{Port}";

    public Task StartAsync(CancellationToken ct = default)
    {
        ct.ThrowIfCancellationRequested();
        if (options.MaxRequestBytes > options.MaxRequestBytesInFlight)
            throw new ArgumentException($"{nameof(options.MaxRequestBytes)} must not be above {nameof(options.MaxRequestBytesInFlight)}.");
        data = DataDirectory.Open(options, Disk ?? new Disk(options.Flush), time, loggers);
        Listen();
        var groups = new GroupCoordinator(data.Offsets, options, time);
        var node = new Node(options.AdvertisedHost, Port);
        var broker = new Broker(data, groups, options, node, time, loggers);
        foreach (var listener in listeners) loops.Add(AcceptAsync(listener, broker));
        loops.Add(SweepAsync());
        loops.Add(EnforceRetentionAsync(data.Topics, groups));
        LogStarted(BootstrapServers, options.DataDirectory);
        return Task.CompletedTask;
    }

    public async Task StopAsync()
    {
        if (data is null) return;
        await stopping.CancelAsync();
        foreach (var listener in listeners) listener.Dispose();
        try
        {
            await Task.WhenAll([.. loops, .. connections.Values]).WaitAsync(StopPatience, time);
        }
        catch (TimeoutException)
        {
            LogAbandoned(connections.Count);
        }
        data.Dispose();
        data = null;
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        stopping.Dispose();
    }

    private void Listen()
    {
        Port = options.Port;
        var isLocal = options.AdvertisedHost == "localhost" || (IPAddress.TryParse(options.AdvertisedHost, out var address) && IPAddress.IsLoopback(address));
        ListenOn(isLocal ? IPAddress.Loopback : IPAddress.Any);
        try
        {
            ListenOn(isLocal ? IPAddress.IPv6Loopback : IPAddress.IPv6Any); // clients try ::1 for localhost first
        }
        catch (SocketException)
        {
            LogNoIPv6();
        }
    }

    private void ListenOn(IPAddress address)
    {
        var listener = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            if (address.AddressFamily == AddressFamily.InterNetworkV6) listener.DualMode = false;
            listener.Bind(new IPEndPoint(address, Port));
            listener.Listen(Backlog);
        }
        catch (SocketException)
        {
            listener.Dispose();
            throw;
        }
        listeners.Add(listener);
        Port = ((IPEndPoint)listener.LocalEndPoint!).Port;
    }

    private async Task AcceptAsync(Socket listener, Broker broker)
    {
        while (!stopping.IsCancellationRequested)
        {
            try
            {
                var socket = await listener.AcceptAsync(stopping.Token);
                if (connections.Count >= options.MaxConnections)
                {
                    LogTooMany(options.MaxConnections);
                    socket.Dispose();
                    continue;
                }
                socket.NoDelay = true;
                Serve(new Connection(socket, broker, budget, options, time, logger));
            }
            catch (SocketException failure)
            {
                LogAcceptFailed(failure.Message); // a client that gave up, or no file handles left for a moment
                await Task.Delay(SweepInterval / 10, time, CancellationToken.None);
            }
            catch (Exception failure) when (failure is OperationCanceledException or ObjectDisposedException)
            {
                return;
            }
        }
    }

    private void Serve(Connection connection)
    {
        var served = new TaskCompletionSource();
        connections[connection] = served.Task;
        _ = RunAsync();

        async Task RunAsync()
        {
            await Task.Yield();
            await connection.RunAsync(stopping.Token);
            connections.TryRemove(connection, out _);
            served.SetResult();
        }
    }

    private async Task SweepAsync()
    {
        using var timer = new PeriodicTimer(SweepInterval, time);
        while (await NextAsync(timer))
        {
            foreach (var connection in connections.Keys) connection.CloseIfOverdue(time.GetTimestamp());
        }
    }

    private async Task EnforceRetentionAsync(TopicStore topics, GroupCoordinator groups)
    {
        using var timer = new PeriodicTimer(options.RetentionCheckInterval, time);
        while (await NextAsync(timer))
        {
            try
            {
                topics.EnforceRetention(time.GetUtcNow());
                groups.EnforceRetention(time.GetUtcNow());
            }
            catch (IOException failure)
            {
                LogRetentionFailed(failure);
            }
        }
    }

    private async ValueTask<bool> NextAsync(PeriodicTimer timer)
    {
        try
        {
            return await timer.WaitForNextTickAsync(stopping.Token);
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Kafka broker at {Address}, data in {Directory}")]
    private partial void LogStarted(string address, string directory);

    [LoggerMessage(Level = LogLevel.Debug, Message = "No IPv6 here; listening on IPv4 only")]
    private partial void LogNoIPv6();

    [LoggerMessage(Level = LogLevel.Warning, Message = "Refused a connection: {Limit} are open, which is the limit")]
    private partial void LogTooMany(int limit);

    [LoggerMessage(Level = LogLevel.Warning, Message = "A connection could not be accepted: {Problem}")]
    private partial void LogAcceptFailed(string problem);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Count} connections did not end in time")]
    private partial void LogAbandoned(int count);

    [LoggerMessage(Level = LogLevel.Error, Message = "Retention could not be enforced; it is tried again")]
    private partial void LogRetentionFailed(Exception failure);
}
