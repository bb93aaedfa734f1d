using System.Diagnostics;
using Contracts;
using MassTransit;
using Messaging;
using NpgsqlTypes;

namespace ReservationService.Features;

/// <summary>A payment takes longer than usual: nobody else gets the seats meanwhile.</summary>
internal sealed class ExtendHold(MessageTransaction db, IOutbox outbox) : IConsumer<PaymentPending>
{
    public async Task Consume(ConsumeContext<PaymentPending> context)
    {
        await using var command = db.Command("SELECT extend_hold($1, $2, $3, $4, $5)");
        command.Parameters.Add(new() { Value = context.Message.ReservationId });
        command.Parameters.Add(new() { Value = context.Message.PaymentId });
        command.Parameters.Add(new() { Value = context.Message.PendingUntil.UtcDateTime });
        command.Parameters.Add(new() { Value = Guid.CreateVersion7() });
        command.Parameters.Add(new() { Value = (object?)Activity.Current?.Id ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Text });
        await command.ExecuteScalarAsync(context.CancellationToken);
        db.AfterCommit(outbox.Wake);
    }
}
