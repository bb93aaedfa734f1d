using System.Diagnostics;

namespace Messaging;

/// <summary>
/// The spans of messages that take effect together: each lasts until their commit, and goes on the trace that its event began. A span
/// has one parent, so what is done for all of them at once, a statement or the commit, shows in the trace of the first.
/// </summary>
internal sealed class ProcessSpans : IDisposable
{
    private static readonly Activity?[] None = [];

    private readonly Activity? outer = Activity.Current;
    private readonly Activity?[] spans;
    private readonly Activity? first;

    public ProcessSpans(Subscription subscription, IReadOnlyList<ReceivedMessage> messages)
    {
        spans = MessagingMetrics.Spans.HasListeners() ? [.. messages.Select(m => Start(subscription, m))] : None;
        first = Array.Find(spans, s => s is { IsAllDataRequested: true });
        EnterAll();
    }

    /// <summary>What follows is done for all of them.</summary>
    public void EnterAll() => Activity.Current = first ?? outer;

    /// <summary>What follows is done for one of them.</summary>
    public void Enter(int message) => Activity.Current = spans.Length > 0 ? spans[message] : outer;

    /// <summary>None of them has taken effect.</summary>
    public void Fail(Exception cause)
    {
        foreach (var span in spans)
            span?.SetStatus(ActivityStatusCode.Error, cause.Message);
    }

    public void Dispose()
    {
        foreach (var span in spans)
            span?.Dispose();
        Activity.Current = outer;
    }

    private static Activity? Start(Subscription subscription, ReceivedMessage message)
    {
        if (message.TraceParent is not { } parent)
            return null;
        var span = MessagingMetrics.Spans.StartActivity($"process {subscription.Topic}", ActivityKind.Consumer, parent);
        span?.SetTag("messaging.system", "kafka")
            .SetTag("messaging.operation.type", "process")
            .SetTag("messaging.destination.name", subscription.Topic)
            .SetTag("messaging.consumer.group.name", subscription.Group)
            .SetTag("messaging.message.id", message.Id.ToString())
            .SetTag("messaging.destination.partition.id", message.Record.Partition.Value.ToString())
            .SetTag("messaging.kafka.offset", message.Record.Offset.Value)
            .SetTag("message.type", message.EventType.Name);
        return span;
    }
}
