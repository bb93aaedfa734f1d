using System.Collections.Concurrent;
using System.Diagnostics;
using System.Runtime.InteropServices;
using NBomber.Contracts;
using NBomber.Contracts.Metrics;
using NBomber.Contracts.Stats;
using NBomber.Reports;
using Serilog;

namespace NBomber.Engine;

/// <summary>One test from init to reports.</summary>
internal sealed class Session : IDisposable
{
    private readonly IReadOnlyList<ScenarioProps> scenarios;
    private readonly Dictionary<string, ScenarioRecorder> recorders;
    private readonly ConcurrentBag<(string Scenario, IMetric Metric)> metrics = [];
    private readonly ConcurrentDictionary<string, ScenarioRun> running = new(StringComparer.Ordinal);
    private readonly ThresholdBook thresholds;
    private readonly ILogger logger;
    private readonly Stopwatch clock = new();
    private volatile string? stopReason;

    public Session(IReadOnlyList<ScenarioProps> registered, SessionOptions options)
    {
        Options = options;
        logger = Logging.Create(options);
        scenarios = options.TargetScenarios.Count == 0 ? registered : [.. options.TargetScenarios.Select(name =>
            registered.FirstOrDefault(s => s.ScenarioName == name) ?? throw new ArgumentException($"There is no scenario '{name}'."))];
        recorders = scenarios.ToDictionary(s => s.ScenarioName, s => new ScenarioRecorder(s), StringComparer.Ordinal);
        thresholds = new ThresholdBook(scenarios);
        var created = TimeProvider.System.GetUtcNow().UtcDateTime;
        var id = options.SessionId ?? $"{created:yyyy-MM-dd_HH.mm.ss}_session_{Convert.ToHexStringLower(Guid.CreateVersion7().ToByteArray()[^4..])}";
        TestInfo = new TestInfo(id, options.TestSuite, options.TestName, "", created);
    }

    public SessionOptions Options { get; }
    public TestInfo TestInfo { get; }
    public ILogger Logger => logger;
    public int Seed { get; } = 20_260_101;

    public NodeInfo NodeInfo { get; private set; } = new(
        Environment.MachineName, NodeType.SingleNode, OperationType.None, RuntimeInformation.OSDescription, RuntimeInformation.FrameworkDescription,
        RuntimeInformation.ProcessArchitecture.ToString(), Environment.ProcessorCount, "stand-in");

    public void RegisterMetric(string scenario, IMetric metric) => metrics.Add((scenario, metric));

    public void Stop(string reason)
    {
        stopReason ??= reason;
        foreach (var run in running.Values) run.Stop();
    }

    public void StopScenario(string name, string reason)
    {
        logger.Warning("Scenario {Scenario} is stopped: {Reason}", name, reason);
        if (running.TryGetValue(name, out var run)) run.Stop();
    }

    public async Task<NodeStats> RunAsync()
    {
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, OnSignal);
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, OnSignal);
        Enter(OperationType.Init);
        foreach (var scenario in scenarios.Where(s => s.Init is not null))
            await scenario.Init!(new InitContext(this, scenario, ScenarioOperation.Init));

        Enter(OperationType.WarmUp);
        await RunPhaseAsync(ScenarioOperation.WarmUp);

        Enter(OperationType.Bombing);
        clock.Start();
        using (var finished = new CancellationTokenSource())
        {
            var watch = WatchAsync(finished.Token);
            await RunPhaseAsync(ScenarioOperation.Bombing);
            clock.Stop();
            await finished.CancelAsync();
            await watch;
        }

        Enter(OperationType.Stop);
        foreach (var scenario in scenarios.Where(s => s.Clean is not null))
            await scenario.Clean!(new InitContext(this, scenario, ScenarioOperation.Clean));
        Enter(OperationType.Complete);
        return Finish();
    }

    public void Dispose() => (logger as IDisposable)?.Dispose();

    private void Enter(OperationType operation)
    {
        NodeInfo = NodeInfo with { CurrentOperation = operation };
        logger.Debug("{Operation}", operation);
    }

    private void OnSignal(PosixSignalContext signal)
    {
        signal.Cancel = true;
        Stop($"stopped by {signal.Signal}");
    }

    private Task RunPhaseAsync(ScenarioOperation operation) => Task.WhenAll(scenarios.Where(s => s.Run is not null).Select(async scenario =>
    {
        var measured = operation == ScenarioOperation.Bombing;
        if (stopReason is not null || (!measured && scenario.WarmUpDuration is null)) return;
        var stages = measured ? scenario.LoadSimulations : [Stage.WarmUpFor(scenario.LoadSimulations, scenario.WarmUpDuration!.Value)];
        using var run = new ScenarioRun(this, scenario, stages, operation, measured ? recorders[scenario.ScenarioName] : null);
        running[scenario.ScenarioName] = run;
        if (stopReason is not null) run.Stop();
        await run.RunAsync();
        running.TryRemove(scenario.ScenarioName, out _);
    }));

    private async Task WatchAsync(CancellationToken finished)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(1), TimeProvider.System);
        var nextReport = Options.ReportingInterval;
        while (!finished.IsCancellationRequested)
        {
            try
            {
                await timer.WaitForNextTickAsync(finished);
            }
            catch (OperationCanceledException)
            {
                // The last, partial second still belongs on the timeline.
            }
            foreach (var (name, recorder) in recorders)
            {
                recorder.TakeSecond(clock.Elapsed, running.TryGetValue(name, out var run) ? run.Active : 0);
                var most = scenarios.First(s => s.ScenarioName == name).MaxFailCount;
                if (recorder.FailCount >= most) Stop($"scenario {name} reached its {most} allowed failures");
            }
            if (clock.Elapsed < nextReport || finished.IsCancellationRequested) continue;
            nextReport += Options.ReportingInterval;
            var stats = ScenarioStats();
            if (Options.DisplayConsoleMetrics) ConsoleReport.WriteLive(stats, clock.Elapsed);
            if (thresholds.Check(stats, MetricStats(), clock.Elapsed) is { } broken) Stop($"threshold {broken} failed too often");
        }
    }

    private NodeStats Finish()
    {
        var stats = ScenarioStats();
        thresholds.Check(stats, MetricStats(), clock.Elapsed, final: true);
        var node = new NodeStats(
            stats, MetricStats(), thresholds.Results(), NodeInfo, TestInfo, stats.Sum(s => s.AllRequestCount), stats.Sum(s => s.AllOkCount),
            stats.Sum(s => s.AllFailCount), stats.Sum(s => s.AllBytes), clock.Elapsed, []);
        var result = new SessionResult(node, stopReason, [.. scenarios.Select(s => new ScenarioResult(
            node.ScenarioStats.Get(s.ScenarioName), [.. s.LoadSimulations.Select(Stage.Describe)], recorders[s.ScenarioName].Seconds,
            recorders[s.ScenarioName].Dropped, recorders[s.ScenarioName].StartedLate))]);
        return node with { ReportFiles = ReportWriter.WriteAll(result, Options) };
    }

    private ScenarioStats[] ScenarioStats() => [.. scenarios.Select((s, i) =>
    {
        var level = running.TryGetValue(s.ScenarioName, out var run) ? run.Level : Stage.Level.None;
        return recorders[s.ScenarioName].ToStats(new LoadSimulationStats(level.Name, level.Value), NodeInfo.CurrentOperation, clock.Elapsed, i);
    })];

    private MetricStats MetricStats() => new(
        [
            .. metrics.Select(m => m.Metric is Metric.Counter c ? new CounterStats(m.Scenario, c.MetricName, c.UnitOfMeasure, c.Value) : null).OfType<CounterStats>(),
            .. recorders.SelectMany(r => new[]
            {
                new CounterStats(r.Key, EngineMetrics.Dropped, "iterations", r.Value.Dropped),
                new CounterStats(r.Key, EngineMetrics.StartedLate, "iterations", r.Value.StartedLate),
            }),
        ],
        [.. metrics.Select(m => m.Metric is Metric.Gauge g ? new GaugeStats(m.Scenario, g.MetricName, g.UnitOfMeasure, g.Value) : null).OfType<GaugeStats>()]);
}
