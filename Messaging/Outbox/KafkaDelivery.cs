using System.Diagnostics;
using Confluent.Kafka;

namespace Messaging;

/// <summary>Hands rows to the producer, all at once and in order, and gathers the delivery reports.</summary>
internal sealed class KafkaDelivery(IReadOnlyList<OutboxRow> rows)
{
    private readonly Error?[] reports = new Error?[rows.Count];
    private readonly TaskCompletionSource done = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int outstanding = 1;

    /// <summary>When each row that was handed over is reported.</summary>
    public Task Completion => done.Task;

    public void Start(IProducer<byte[], byte[]> producer)
    {
        for (var i = 0; i < rows.Count && TrySend(producer, i); i++)
        {
        }
        Count();
    }

    /// <summary>What became of each row; null: nothing yet, it stays unsent.</summary>
    public IEnumerable<(OutboxRow Row, Error? Report)> Reports() => rows.Select((row, i) => (row, Volatile.Read(ref reports[i])));

    // False: the producer's queue is full, and nothing behind this row may be sent before it.
    private bool TrySend(IProducer<byte[], byte[]> producer, int i)
    {
        var row = rows[i];
        var span = Span(row.Message);
        // It lasts until the report; what this thread does next is no part of it.
        Activity.Current = null;
        Interlocked.Increment(ref outstanding);
        try
        {
            producer.Produce(row.Message.AggregateType, row.ToKafka(span), report =>
            {
                span?.Dispose();
                Volatile.Write(ref reports[i], report.Error);
                Count();
            });
            return true;
        }
        catch (ProduceException<byte[], byte[]> e)
        {
            span?.SetStatus(ActivityStatusCode.Error, e.Error.Reason).Dispose();
            if (e.Error.Code != ErrorCode.Local_QueueFull)
                reports[i] = e.Error;
            Count();
            return e.Error.Code != ErrorCode.Local_QueueFull;
        }
    }

    private void Count()
    {
        if (Interlocked.Decrement(ref outstanding) == 0)
            done.SetResult();
    }

    // The child of the request that caused the event, however much later it is sent.
    private static Activity? Span(OutboxMessage message)
    {
        if (message.TraceParent is null || !MessagingMetrics.Spans.HasListeners())
            return null;
        var span = MessagingMetrics.Spans.StartActivity($"send {message.AggregateType}", ActivityKind.Producer, message.TraceParent);
        span?.SetTag("messaging.system", "kafka")
            .SetTag("messaging.operation.type", "send")
            .SetTag("messaging.destination.name", message.AggregateType)
            .SetTag("messaging.message.id", message.Id.ToString())
            .SetTag("messaging.kafka.message.key", message.AggregateId);
        return span;
    }
}
