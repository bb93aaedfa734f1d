using Messaging;
using Npgsql;
using NpgsqlTypes;

namespace PaymentService.Data;

/// <summary>Positional parameters, typed, so that nothing is boxed or guessed.</summary>
internal static class CommandParameters
{
    public static NpgsqlCommand With<T>(this NpgsqlCommand command, T value)
    {
        command.Parameters.Add(new NpgsqlParameter<T> { TypedValue = value });
        return command;
    }

    public static NpgsqlCommand With(this NpgsqlCommand command, DateTimeOffset value) => command.With(value.UtcDateTime);

    public static NpgsqlCommand With(this NpgsqlCommand command, string? value)
    {
        command.Parameters.Add(new NpgsqlParameter { NpgsqlDbType = NpgsqlDbType.Text, Value = (object?)value ?? DBNull.Value });
        return command;
    }

    public static NpgsqlCommand With(this NpgsqlCommand command, int? value)
    {
        command.Parameters.Add(new NpgsqlParameter { NpgsqlDbType = NpgsqlDbType.Integer, Value = (object?)value ?? DBNull.Value });
        return command;
    }

    /// <summary>In the order of <see cref="OutboxMessage.Columns"/>.</summary>
    public static NpgsqlCommand With(this NpgsqlCommand command, OutboxMessage message) => command
        .With(message.Id).With(message.AggregateType).With(message.AggregateId).With(message.Type).With(message.Payload).With(message.TraceParent);
}
