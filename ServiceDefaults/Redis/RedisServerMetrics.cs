using System.Diagnostics.Metrics;
using System.Globalization;
using Microsoft.Extensions.Hosting;
using ServiceDefaults.Metrics;
using StackExchange.Redis;

namespace ServiceDefaults.Redis;

/// <summary>Redis's own figures (its INFO), under the names of OpenTelemetry's receiver for Redis. One service that uses it tells them.</summary>
public sealed class RedisServerMetrics : BackgroundService
{
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    private readonly IConnectionMultiplexer _redis;
    private readonly TimeProvider _time;
    private volatile Dictionary<string, double>? _last;

    // Every replica asks the same server: take the maximum over replicas, not the sum.
    public RedisServerMetrics(IConnectionMultiplexer redis, IMeterFactory meters, TimeProvider time)
    {
        (_redis, _time) = (redis, time);
        var meter = meters.Create(ServiceMetrics.MeterName);
        Gauge("redis.memory.used", "used_memory", "By", "Memory that Redis has allocated.");
        Gauge("redis.maxmemory", "maxmemory", "By", "Memory that Redis may use; 0: as much as there is.");
        Gauge("redis.clients.connected", "connected_clients", "{client}", "Connections to Redis.");
        Counter("redis.commands.processed", "total_commands_processed", "{command}", "Commands that Redis has run.");
        Counter("redis.keyspace.hits", "keyspace_hits", "{hit}", "Keys asked for that were there.");
        Counter("redis.keyspace.misses", "keyspace_misses", "{miss}", "Keys asked for that were not there.");
        Counter("redis.keys.evicted", "evicted_keys", "{key}", "Keys thrown away for want of memory.");
        Gauge("redis.uptime", "uptime_in_seconds", "s", "Time since Redis started.");

        void Gauge(string name, string field, string unit, string description) =>
            meter.CreateObservableGauge(name, () => Of(field), unit, description);
        void Counter(string name, string field, string unit, string description) =>
            meter.CreateObservableCounter(name, () => Of(field), unit, description);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Every, _time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                // As a plain command: IServer.Info wants a connection that may administrate.
                var info = await _redis.GetDatabase().ExecuteAsync("INFO").WaitAsync(Patience, _time, stoppingToken);
                _last = Parse((string?)info ?? "");
            }
            catch (Exception e) when (e is RedisException or TimeoutException)
            {
                // Away: other metrics tell. These say nothing rather than what was.
                _last = null;
            }
        }
    }

    // Lines of name:value (redis.io/docs/latest/commands/info).
    private static Dictionary<string, double> Parse(string info)
    {
        var figures = new Dictionary<string, double>(StringComparer.Ordinal);
        foreach (var line in info.Split("\r\n"))
        {
            if (line.Split(':') is [var name, var text] && double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var figure))
                figures[name] = figure;
        }
        return figures;
    }

    private IEnumerable<Measurement<double>> Of(string field) => _last is { } figures && figures.TryGetValue(field, out var figure) ? [new(figure)] : [];
}
