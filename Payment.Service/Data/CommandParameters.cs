using Messaging;
using Npgsql;

namespace PaymentService.Data;

/// <summary>Positional parameters, typed, so that nothing is boxed or guessed.</summary>
internal static class CommandParameters
{
    public static NpgsqlCommand With<T>(this NpgsqlCommand command, T value)
    {
        command.Parameters.Add(Parameter(value));
        return command;
    }

    public static NpgsqlBatchCommand With<T>(this NpgsqlBatchCommand command, T value)
    {
        command.Parameters.Add(Parameter(value));
        return command;
    }

    /// <summary>In the order of <see cref="OutboxMessage.Columns"/>.</summary>
    public static NpgsqlCommand With(this NpgsqlCommand command, OutboxMessage message) => command
        .With(message.Id).With(message.AggregateType).With(message.AggregateId).With(message.Type).With(message.Payload).With(message.TraceParent);

    private static NpgsqlParameter Parameter<T>(T value)
        => value is DateTimeOffset at ? new NpgsqlParameter<DateTime> { TypedValue = at.UtcDateTime } : new NpgsqlParameter<T> { TypedValue = value };
}
