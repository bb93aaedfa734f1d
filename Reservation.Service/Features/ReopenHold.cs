using Contracts;
using MassTransit;
using Messaging;
using Npgsql;

namespace ReservationService.Features;

/// <summary>A payment failed: the customer may try another way while the hold lasts.</summary>
internal sealed class ReopenHold(MessageTransaction db) : IConsumer<PaymentFailed>
{
    private const string Sql = "UPDATE reservations SET status = 'held' WHERE id = $1 AND payment_id = $2 AND status = 'paying'";

    public Task Consume(ConsumeContext<PaymentFailed> context)
    {
        db.Enqueue(new NpgsqlBatchCommand(Sql)
        {
            Parameters =
            {
                new NpgsqlParameter<Guid> { TypedValue = context.Message.ReservationId },
                new NpgsqlParameter<Guid> { TypedValue = context.Message.PaymentId },
            },
        });
        return Task.CompletedTask;
    }
}
