using System.Collections.Concurrent;
using Contracts;
using MassTransit;
using Npgsql;

namespace Messaging.Tests;

/// <summary>Writes down each message's effect; without a unique key, so that a double shows.</summary>
public sealed class RecordPayment(MessageTransaction transaction, Faults faults) : IConsumer<PaymentCompleted>
{
    public const string Schema = """
        CREATE TABLE IF NOT EXISTS effects (
            n bigint GENERATED ALWAYS AS IDENTITY, reservation uuid NOT NULL, amount bigint NOT NULL, trace text)
        """;

    public Task Consume(ConsumeContext<PaymentCompleted> context)
    {
        var payment = context.Message;
        faults.ThrowFor(payment.Amount);
        transaction.Enqueue(new NpgsqlBatchCommand("INSERT INTO effects (reservation, amount, trace) VALUES ($1, $2, $3)")
        {
            Parameters =
            {
                new() { Value = payment.ReservationId },
                new() { Value = payment.Amount },
                new() { Value = System.Diagnostics.Activity.Current?.TraceId.ToHexString() ?? "" },
            },
        });
        transaction.AfterCommit(() => faults.Committed.Enqueue((transaction.MessageId, payment.Amount)));
        return Task.CompletedTask;
    }
}

/// <summary>As Queue does it: no database, so the consumer itself must not mind doubles.</summary>
public sealed class RememberPayment(Faults faults) : IConsumer<PaymentCompleted>
{
    public async Task Consume(ConsumeContext<PaymentCompleted> context)
    {
        faults.ThrowFor(context.Message.Amount);
        await faults.WaitForAsync(context.Message.Amount);
        faults.Committed.Enqueue((context.MessageId!.Value, context.Message.Amount));
    }
}

/// <summary>Decides which messages fail, and how, and which take long.</summary>
public sealed class Faults
{
    public ConcurrentDictionary<long, Func<Exception>> ByAmount { get; } = new();

    public ConcurrentQueue<(Guid MessageId, long Amount)> Committed { get; } = new();

    /// <summary>A message of this amount waits until the source is set.</summary>
    public ConcurrentDictionary<long, TaskCompletionSource> Gates { get; } = new();

    public Task WaitForAsync(long amount) => Gates.TryGetValue(amount, out var gate) ? gate.Task : Task.CompletedTask;

    public void ThrowFor(long amount)
    {
        if (ByAmount.TryGetValue(amount, out var failure))
            throw failure();
    }
}
