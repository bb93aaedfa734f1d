using System.Diagnostics;
using Contracts;
using MassTransit;
using Messaging;

namespace ReservationService.Features;

/// <summary>The money is there: the seats are sold. If they are gone meanwhile, the payment is rejected, and Payment gives the money back.</summary>
internal sealed class ConfirmReservation(Confirmations confirmations, MessageTransaction db, IOutbox outbox, ReservationMetrics metrics)
    : IConsumer<PaymentCompleted>
{
    public Task Consume(ConsumeContext<PaymentCompleted> context)
    {
        if (confirmations.IsEmpty)
            db.Enqueue(confirmations.Command, answered: outcomes => db.AfterCommit(() => Tell((string[])outcomes!)));
        confirmations.Add(context.Message.ReservationId, context.Message.PaymentId, Activity.Current?.Id);
        return Task.CompletedTask;
    }

    private void Tell(string[] outcomes)
    {
        outbox.Wake();
        foreach (var outcome in outcomes)
            metrics.Became(outcome);
    }
}
