using System.Diagnostics;
using NBomber.Contracts;

namespace NBomber.Engine;

/// <summary>
/// Walks through the stages on a thread of its own, so that a busy thread pool cannot slow the clock down.
/// It never waits for an iteration: what is due is started, and a late start counts into the latency.
/// </summary>
internal sealed class LoadScheduler(ScenarioRun run)
{
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(1);
    private readonly Random random = new(run.Session.Seed);
    private int copies;
    private double rate;

    public void Run()
    {
        foreach (var stage in run.Stages)
        {
            if (run.Stopping.IsCancellationRequested) return;
            switch (stage)
            {
                case LoadSimulation.RampingConstant s:
                    Loop(s, s.During, from: copies, to: s.Copies);
                    break;
                case LoadSimulation.KeepConstant s:
                    Loop(s, s.During, from: s.Copies, to: s.Copies);
                    break;
                case LoadSimulation.IterationsForConstant s:
                    LoopIterations(s);
                    break;
                case LoadSimulation.RampingInject s:
                    Inject(s, s.During, from: rate, to: s.Rate / s.Interval.TotalSeconds);
                    break;
                case LoadSimulation.Inject s:
                    Inject(s, s.During, from: s.Rate / s.Interval.TotalSeconds, to: s.Rate / s.Interval.TotalSeconds);
                    break;
                case LoadSimulation.InjectRandom s:
                    for (var left = s.During; left > TimeSpan.Zero; left -= s.Interval)
                    {
                        var drawn = random.Next(s.MinRate, s.MaxRate + 1) / s.Interval.TotalSeconds;
                        Inject(s, left < s.Interval ? left : s.Interval, drawn, drawn);
                    }
                    break;
                case LoadSimulation.IterationsForInject s:
                    Inject(s, Stage.DurationOf(s), s.Rate / s.Interval.TotalSeconds, s.Rate / s.Interval.TotalSeconds);
                    break;
                case LoadSimulation.Pause s:
                    Loop(s, s.During, from: 0, to: 0);
                    break;
            }
        }
    }

    private void Loop(LoadSimulation stage, TimeSpan during, int from, int to)
    {
        rate = 0;
        Each(during, (progress, _, _) =>
        {
            copies = from + (int)Math.Round((to - from) * progress);
            run.SetLevel(new Stage.Level(Stage.NameOf(stage), copies, 0));
            run.SetCopies(copies);
        });
    }

    private void LoopIterations(LoadSimulation.IterationsForConstant stage)
    {
        rate = 0;
        copies = stage.Copies;
        run.SetLevel(new Stage.Level(Stage.NameOf(stage), copies, 0));
        run.LimitIterations(stage.Iterations);
        run.SetCopies(copies);
        while (!run.IterationsAreDone && !run.Stopping.WaitHandle.WaitOne(Tick)) { }
        run.SetCopies(0);
        run.LimitIterations(long.MaxValue);
    }

    private void Inject(LoadSimulation stage, TimeSpan during, double from, double to)
    {
        copies = 0;
        run.SetCopies(0);
        long startedSoFar = 0;
        Each(during, (progress, previous, now) =>
        {
            rate = from + (to - from) * progress;
            run.SetLevel(new Stage.Level(Stage.NameOf(stage), 0, rate));
            // The area under the line of the rate: how many should have been started by now.
            var due = (long)Math.Floor(during.TotalSeconds * progress * (from + rate) / 2 + 1e-6);
            var count = due - startedSoFar;
            startedSoFar = due;
            for (var i = 1; i <= count; i++) run.StartOne(DueTime(previous, now, i, count));
        });
        rate = to;
    }

    /// <summary>Within one tick everything is due now; when this thread itself was late, what it missed was due evenly since the last tick.</summary>
    private static long DueTime(long previous, long now, long index, long count) =>
        Stopwatch.GetElapsedTime(previous, now) <= 2 * Tick ? now : previous + (now - previous) * index / count;

    private void Each(TimeSpan during, Action<double, long, long> step)
    {
        var started = Stopwatch.GetTimestamp();
        var previous = started;
        while (true)
        {
            var now = Stopwatch.GetTimestamp();
            var progress = Math.Min(1, Stopwatch.GetElapsedTime(started, now) / during);
            step(progress, previous, now);
            previous = now;
            if (progress >= 1 || run.Stopping.WaitHandle.WaitOne(Tick)) return;
        }
    }
}
