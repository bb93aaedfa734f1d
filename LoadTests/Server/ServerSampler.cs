using System.Diagnostics;
using LoadTests.Booking;
using LoadTests.Measuring;
using LoadTests.Results;

namespace LoadTests.Server;

/// <summary>Once a second, on the run's own clock: what the processes use and what the services and stores say of themselves.</summary>
internal sealed class ServerSampler : IAsyncDisposable
{
    public const string LoadGenerator = "load generator";
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(1);

    private readonly SystemUnderTest system;
    private readonly Timeline timeline;
    private readonly HttpClient http = new() { Timeout = TimeSpan.FromSeconds(2) };
    private readonly StoreSampler? stores;
    private readonly List<ServerSample> samples = [];
    private readonly Dictionary<string, int[]> processes;
    private readonly CancellationTokenSource stop = new();
    private Dictionary<string, double> cpuBefore = [];
    private double secondsBefore;
    private Task loop = Task.CompletedTask;
    private bool kept;

    public ServerSampler(SystemUnderTest system, Timeline timeline)
    {
        (this.system, this.timeline) = (system, timeline);
        stores = system.Stores is null ? null : new StoreSampler(system.Stores);
        processes = new(system.Processes, StringComparer.Ordinal) { [LoadGenerator] = [Environment.ProcessId] };
    }

    public ServerSample[] Samples => [.. samples];

    /// <summary>One look at all processes: each costs as much CPU as several hundred requests.</summary>
    public IReadOnlyDictionary<string, ProcessTree.Usage> Usage()
    {
        var usage = ProcessTree.Measure([.. processes.Values.SelectMany(ids => ids)]);
        return processes.ToDictionary(p => p.Key, p => Sum(p.Value.Select(id => usage[id])), StringComparer.Ordinal);
    }

    /// <summary>
    /// Looks once at everything, then once a second. Until <see cref="Keep"/> it only practises: what looking compiles and connects to, in
    /// the services too, belongs to no measured second.
    /// </summary>
    public async Task StartAsync()
    {
        await SampleAsync();
        loop = Task.Run(LoopAsync);
    }

    /// <summary>From now on the samples count.</summary>
    public void Keep() => Volatile.Write(ref kept, true);

    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        await loop;
        if (stores is not null) await stores.DisposeAsync();
        http.Dispose();
        stop.Dispose();
    }

    private async Task LoopAsync()
    {
        using var timer = new PeriodicTimer(Every, TimeProvider.System);
        var practice = true;
        try
        {
            while (await timer.WaitForNextTickAsync(stop.Token))
            {
                if (practice && Volatile.Read(ref kept))
                {
                    practice = false;
                    cpuBefore = [];
                    stores?.ForgetCounts();
                }
                var sample = await SampleAsync();
                if (!practice) samples.Add(sample);
            }
        }
        catch (OperationCanceledException)
        {
        }
    }

    private async Task<ServerSample> SampleAsync()
    {
        var at = timeline.Elapsed.TotalSeconds;
        var values = new Dictionary<string, double>(StringComparer.Ordinal);
        AddProcesses(values, at);
        await Task.WhenAll(system.Services.Select(async service =>
        {
            if (await ReadAsync(service.Address) is { } page) lock (values) AddService(values, service.Name, page);
        }));
        if (stores is not null) await stores.AddAsync(values, stop.Token);
        return new ServerSample(at, values);
    }

    private void AddProcesses(Dictionary<string, double> values, double at)
    {
        var usage = Usage();
        foreach (var (name, use) in usage)
        {
            if (cpuBefore.TryGetValue(name, out var before) && at > secondsBefore) values[$"CPU %: {name}"] = Math.Max(0, 100 * (use.CpuSeconds - before) / (at - secondsBefore));
            values[$"memory MB: {name}"] = use.ResidentBytes / 1e6;
        }
        cpuBefore = usage.ToDictionary(u => u.Key, u => u.Value.CpuSeconds, StringComparer.Ordinal);
        secondsBefore = at;
    }

    private static void AddService(Dictionary<string, double> values, string name, MetricsPage page)
    {
        values[$"GC pauses, s in all: {name}"] = page.Sum("dotnet_gc_pause_time_seconds_total");
        values[$"thread pool queue: {name}"] = page.Sum("dotnet_thread_pool_queue_length_total");
        values[$"database connections in use: {name}"] = page.Sum("db_client_connection_count", "state=\"used\"");
        values[$"consumer lag: {name}"] = page.Sum("consumer_lag");
        values[$"outbox: {name}"] = page.Sum("outbox_pending");
        values[$"requests refused: {name}"] = page.Sum("overload_refused_total");
    }

    private async Task<MetricsPage?> ReadAsync(Uri address)
    {
        try
        {
            return MetricsPage.Parse(await http.GetStringAsync(new Uri(address, "metrics"), stop.Token));
        }
        catch (Exception error) when (error is HttpRequestException or OperationCanceledException && !stop.IsCancellationRequested)
        {
            return null; // A service that does not answer leaves a gap, which is what there is to see.
        }
    }

    private static ProcessTree.Usage Sum(IEnumerable<ProcessTree.Usage> all) =>
        all.Aggregate(new ProcessTree.Usage(), (sum, one) => new(sum.CpuSeconds + one.CpuSeconds, sum.ResidentBytes + one.ResidentBytes, sum.Threads + one.Threads));
}
