using Contracts;
using MassTransit;
using Messaging;

namespace ReservationService.Features;

/// <summary>A payment failed: the customer may try another way while the hold lasts.</summary>
internal sealed class ReopenHold(MessageTransaction db) : IConsumer<PaymentFailed>
{
    public async Task Consume(ConsumeContext<PaymentFailed> context)
    {
        await using var command = db.Command("UPDATE reservations SET status = 'held' WHERE id = $1 AND payment_id = $2 AND status = 'paying'");
        command.Parameters.Add(new() { Value = context.Message.ReservationId });
        command.Parameters.Add(new() { Value = context.Message.PaymentId });
        await command.ExecuteNonQueryAsync(context.CancellationToken);
    }
}
