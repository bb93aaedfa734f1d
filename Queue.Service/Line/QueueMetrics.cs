using System.Diagnostics.Metrics;
using QueueService.Domain;

namespace QueueService;

/// <summary>What operators watch. No label names a line: there may be any number of them.</summary>
public sealed class QueueMetrics
{
    public const string MeterName = "Queue.Service";

    private readonly Counter<long> _issued;
    private readonly Counter<long> _admitted;
    private readonly Counter<long> _completed;
    private readonly Counter<long> _reformed;
    private readonly UpDownCounter<long> _streams;

    public QueueMetrics(IMeterFactory meters, LineMemory memory, TimeProvider time)
    {
        var meter = meters.Create(MeterName);
        _issued = meter.CreateCounter<long>("queue.issued", "{ticket}", "Tickets issued by this replica.");
        _admitted = meter.CreateCounter<long>("queue.admitted", "{ticket}", "Tickets that this replica's calls admitted.");
        _completed = meter.CreateCounter<long>("queue.completed", "{ticket}", "Tickets whose users have booked.");
        _reformed = meter.CreateCounter<long>("queue.reformed", "{line}", "Lines that Redis had lost, and that formed again from the tickets people hold.");
        _streams = meter.CreateUpDownCounter<long>("queue.streams", "{stream}", "Open server-sent event streams.");
        // A counter that begins with its first event would hide that event: there is nothing to see it rise from.
        foreach (var counter in new[] { _issued, _admitted, _completed, _reformed })
            counter.Add(0);

        // Every replica sees whole lines: take the maximum over replicas, not the sum.
        meter.CreateObservableGauge("queue.waiting", () => Total(v => v.Waiting), "{user}", "Users waiting, of the lines that this replica serves.");
        meter.CreateObservableGauge("queue.active", () => Total(v => v.Active), "{place}", "Places taken.");
        meter.CreateObservableGauge("queue.admission.rate", () => Total(v => v.AdmittedPerSecond(time.GetUtcNow())), "{ticket}/s", "Admissions a second, smoothed.");
        meter.CreateObservableGauge("queue.lines", () => (long)memory.Lines.Count(), "{line}", "Lines that this replica serves.");

        double Total(Func<LineView, double> of) => memory.Lines.Sum(l => l.View is { } view ? of(view) : 0);
    }

    public void Issued(long count)
    {
        if (count > 0)
            _issued.Add(count);
    }

    public void Admitted(long count)
    {
        if (count > 0)
            _admitted.Add(count);
    }

    public void Completed() => _completed.Add(1);

    public void Reformed() => _reformed.Add(1);

    public void StreamOpened() => _streams.Add(1);

    public void StreamClosed() => _streams.Add(-1);
}
