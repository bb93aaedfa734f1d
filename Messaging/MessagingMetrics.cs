using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace Messaging;

/// <summary>Spans and metrics, named as OpenTelemetry's conventions for messaging name them where they have a name.</summary>
internal sealed class MessagingMetrics
{
    public const string Name = "Messaging";

    public static readonly ActivitySource Spans = new(Name);

    private readonly Counter<long> sent;
    private readonly Counter<long> consumed;
    private readonly Counter<long> failed;
    private readonly Counter<long> deadLetters;
    private readonly Counter<long> brokersLost;
    private readonly Histogram<double> duration;
    private readonly Histogram<double> age;
    private volatile OutboxBacklog? backlog;

    public MessagingMetrics(IMeterFactory meters)
    {
        var meter = meters.Create(Name);
        sent = meter.CreateCounter<long>("messaging.client.sent.messages", "{message}", "Outbox rows that Kafka confirmed.");
        consumed = meter.CreateCounter<long>("messaging.client.consumed.messages", "{message}", "Messages that took effect, or had before.");
        failed = meter.CreateCounter<long>("messaging.process.failures", "{attempt}", "Attempts that failed, by reason: handler, infrastructure.");
        deadLetters = meter.CreateCounter<long>("dead_letters", "{message}", "Messages that were given up.");
        brokersLost = meter.CreateCounter<long>("messaging.client.brokers.lost", "{time}", "Times that a consumer had no connection to any broker.");
        duration = meter.CreateHistogram<double>("messaging.process.duration", "s", "From the poll of some records to the commit of their effect.",
            advice: new() { HistogramBucketBoundaries = [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10] });
        age = meter.CreateHistogram<double>("messaging.process.age", "s", "From the event to its effect here; the oldest of each poll.",
            advice: new() { HistogramBucketBoundaries = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300] });
        meter.CreateObservableGauge("outbox.pending", () => Of(b => b.Pending), "{message}", "Rows that wait to be sent, counted up to 10,000; told by the replica that relays.");
        meter.CreateObservableGauge("outbox.lag", () => Of(b => b.OldestAge.TotalSeconds), "s", "Age of the oldest row that waits to be sent.");
        meter.CreateObservableGauge("outbox.dead", () => Of(b => b.Dead), "{message}", "Rows that were given up, counted up to 10,000; a re-feed takes them up again.");
        Meter = meter;
        sent.Add(0);
    }

    public Meter Meter { get; }

    /// <summary>Null where another replica relays: it tells.</summary>
    public OutboxBacklog? Backlog { set => backlog = value; }

    /// <summary>From zero: a counter that begins with its first event would hide that event, there being nothing to see it rise from.</summary>
    public void Begin(Subscription from)
    {
        consumed.Add(0, from.Tags);
        brokersLost.Add(0, from.Tags);
        deadLetters.Add(0, from.Tags);
        failed.Add(0, [.. from.Tags, new("reason", "handler")]);
        failed.Add(0, [.. from.Tags, new("reason", "infrastructure")]);
    }

    public void Sent(int count) => sent.Add(count);

    public void Consumed(Subscription from, int count, TimeSpan took, TimeSpan oldest)
    {
        consumed.Add(count, from.Tags);
        duration.Record(took.TotalSeconds, from.Tags);
        age.Record(Math.Max(0, oldest.TotalSeconds), from.Tags);
    }

    public void Failed(Subscription from, bool infrastructure) =>
        failed.Add(1, [.. from.Tags, new("reason", infrastructure ? "infrastructure" : "handler")]);

    public void LostBrokers(Subscription from) => brokersLost.Add(1, from.Tags);

    public void DeadLettered(Subscription from) => deadLetters.Add(1, from.Tags);

    private IEnumerable<Measurement<double>> Of(Func<OutboxBacklog, double> figure) => backlog is { } b ? [new(figure(b))] : [];
}

/// <summary>What waits in the outbox.</summary>
internal sealed record OutboxBacklog(long Pending, TimeSpan OldestAge, long Dead);
