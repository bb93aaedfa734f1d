using System.Diagnostics;
using Contracts;
using MassTransit;
using Messaging;
using Npgsql;
using NpgsqlTypes;

namespace ReservationService.Features;

/// <summary>The money is there: the seats are sold. If they are gone meanwhile, the payment is rejected, and Payment gives the money back.</summary>
internal sealed class ConfirmReservation(MessageTransaction db, IOutbox outbox, ReservationMetrics metrics) : IConsumer<PaymentCompleted>
{
    private const string Sql = "SELECT confirm_reservation($1, $2, $3, $4)";

    public Task Consume(ConsumeContext<PaymentCompleted> context)
    {
        var confirm = new NpgsqlBatchCommand(Sql)
        {
            Parameters =
            {
                new NpgsqlParameter<Guid> { TypedValue = context.Message.ReservationId },
                new NpgsqlParameter<Guid> { TypedValue = context.Message.PaymentId },
                new NpgsqlParameter<Guid> { TypedValue = Guid.CreateVersion7() },
                new() { Value = (object?)Activity.Current?.Id ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Text },
            },
        };
        db.Enqueue(confirm, answered: outcome => db.AfterCommit(() =>
        {
            outbox.Wake();
            metrics.Became((string)outcome!);
        }));
        return Task.CompletedTask;
    }
}
