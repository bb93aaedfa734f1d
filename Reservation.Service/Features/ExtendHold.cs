using System.Diagnostics;
using Contracts;
using MassTransit;
using Messaging;
using Npgsql;
using NpgsqlTypes;

namespace ReservationService.Features;

/// <summary>A payment takes longer than usual: nobody else gets the seats meanwhile.</summary>
internal sealed class ExtendHold(MessageTransaction db, IOutbox outbox) : IConsumer<PaymentPending>
{
    private const string Sql = "SELECT extend_hold($1, $2, $3, $4, $5)";

    public Task Consume(ConsumeContext<PaymentPending> context)
    {
        var extend = new NpgsqlBatchCommand(Sql)
        {
            Parameters =
            {
                new NpgsqlParameter<Guid> { TypedValue = context.Message.ReservationId },
                new NpgsqlParameter<Guid> { TypedValue = context.Message.PaymentId },
                new NpgsqlParameter<DateTime> { TypedValue = context.Message.PendingUntil.UtcDateTime },
                new NpgsqlParameter<Guid> { TypedValue = Guid.CreateVersion7() },
                new() { Value = (object?)Activity.Current?.Id ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Text },
            },
        };
        db.Enqueue(extend, answered: _ => db.AfterCommit(outbox.Wake));
        return Task.CompletedTask;
    }
}
