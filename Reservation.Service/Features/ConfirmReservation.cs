using System.Diagnostics;
using Contracts;
using MassTransit;
using Messaging;
using NpgsqlTypes;

namespace ReservationService.Features;

/// <summary>The money is there: the seats are sold. If they are gone meanwhile, the payment is rejected, and Payment gives the money back.</summary>
internal sealed class ConfirmReservation(MessageTransaction db, IOutbox outbox, ReservationMetrics metrics) : IConsumer<PaymentCompleted>
{
    public async Task Consume(ConsumeContext<PaymentCompleted> context)
    {
        await using var command = db.Command("SELECT confirm_reservation($1, $2, $3, $4)");
        command.Parameters.Add(new() { Value = context.Message.ReservationId });
        command.Parameters.Add(new() { Value = context.Message.PaymentId });
        command.Parameters.Add(new() { Value = Guid.CreateVersion7() });
        command.Parameters.Add(new() { Value = (object?)Activity.Current?.Id ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Text });
        var outcome = (string)(await command.ExecuteScalarAsync(context.CancellationToken))!;
        db.AfterCommit(() =>
        {
            outbox.Wake();
            metrics.Became(outcome);
        });
    }
}
