using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using Confluent.Kafka;
using Contracts;
using Local.Servers;
using Npgsql;
using Testing;

namespace Messaging.Tests;

/// <summary>A database, a topic and a group of one test's own.</summary>
public sealed class World(PostgresServer postgres, KafkaBroker kafka, string database)
{
    private static int worlds;

    public string Database { get; } = database;

    public string Kafka => kafka.BootstrapServers;

    public PostgresServer Postgres => postgres;

    public KafkaBroker Broker => kafka;

    private readonly int number = Interlocked.Increment(ref worlds);

    // Who uses the client without our registrations still needs its native library found.
    static World() => RuntimeHelpers.RunModuleConstructor(typeof(Aspire.Confluent.Kafka.KafkaProducerSettings).Module.ModuleHandle);

    public string Topic => $"payments-{number}";

    public string Group => $"books-{number}";

    public void Records(MessagingBuilder messaging) => messaging.Consume(Topic, Group, c => c.Add<RecordPayment>());

    public void Remembers(MessagingBuilder messaging) => messaging.Consume(Topic, Group, c => c.Add<RememberPayment>());

    public static async Task<World> CreateAsync(PostgresServer postgres, KafkaBroker kafka)
    {
        var database = await postgres.CreateDatabaseAsync();
        var world = new World(postgres, kafka, database);
        await world.ExecuteAsync(RecordPayment.Schema);
        return world;
    }

    public OutboxMessage Payment(Guid reservation, long amount) =>
        OutboxMessage.Create(Topic, reservation.ToString(), Event(reservation, amount));

    public static PaymentCompleted Event(Guid reservation, long amount) =>
        new(Guid.CreateVersion7(), reservation, 1, amount, PaymentMethod.Points);

    public async Task WriteAsync(params OutboxMessage[] messages)
    {
        await using var connection = await OpenAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        foreach (var message in messages)
            await InsertAsync(connection, message);
        await transaction.CommitAsync();
    }

    public static async Task InsertAsync(NpgsqlConnection connection, OutboxMessage message)
    {
        await using var command = new NpgsqlCommand($"INSERT INTO outbox ({OutboxMessage.Columns}) VALUES ($1, $2, $3, $4, $5, $6)", connection)
        {
            Parameters =
            {
                new() { Value = message.Id }, new() { Value = message.AggregateType }, new() { Value = message.AggregateId },
                new() { Value = message.Type }, new() { Value = message.Payload }, new() { Value = (object?)message.TraceParent ?? DBNull.Value },
            },
        };
        await command.ExecuteNonQueryAsync();
    }

    public async Task<NpgsqlConnection> OpenAsync()
    {
        var connection = new NpgsqlConnection(Database + ";Pooling=false");
        await connection.OpenAsync();
        return connection;
    }

    public async Task ExecuteAsync(string sql)
    {
        await using var connection = await OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }

    public async Task<T> ReadAsync<T>(string sql)
    {
        await using var connection = await OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        return (T)(await command.ExecuteScalarAsync())!;
    }

    /// <summary>The amounts in the order in which they took effect.</summary>
    public async Task<List<long>> EffectsAsync(Guid? reservation = null)
    {
        await using var connection = await OpenAsync();
        await using var command = new NpgsqlCommand("SELECT amount FROM effects WHERE $1 IS NULL OR reservation = $1 ORDER BY n", connection)
        {
            Parameters = { new() { Value = (object?)reservation ?? DBNull.Value, NpgsqlDbType = NpgsqlTypes.NpgsqlDbType.Uuid } },
        };
        await using var reader = await command.ExecuteReaderAsync();
        var amounts = new List<long>();
        while (await reader.ReadAsync())
            amounts.Add(reader.GetInt64(0));
        return amounts;
    }

    public Task UntilEffectsAsync(int count) => Eventually.TrueAsync(async () => (await EffectsAsync()).Count >= count);

    public Task UntilAllSentAsync() =>
        Eventually.TrueAsync(async () => await ReadAsync<long>("SELECT count(*) FROM outbox WHERE sent_at IS NULL") == 0);

    /// <summary>What somebody else's producer, or a relay that died before it marked the row, has put into the topic.</summary>
    public async Task ProduceAsync(OutboxMessage message, byte[]? value = null, int? partition = null)
    {
        using var producer = new ProducerBuilder<byte[], byte[]>(new ProducerConfig { BootstrapServers = Kafka, Partitioner = Partitioner.Murmur2Random }).Build();
        await producer.ProduceAsync(new TopicPartition(Topic, partition ?? Partition.Any), new Message<byte[], byte[]>
        {
            Key = Encoding.UTF8.GetBytes(message.AggregateId),
            Value = value ?? message.Payload,
            Headers =
            [
                new Header(MessageHeaders.MessageId, Encoding.ASCII.GetBytes(message.Id.ToString())),
                new Header(MessageHeaders.MessageType, Encoding.ASCII.GetBytes(message.Type)),
                new Header(MessageHeaders.OccurredAt, Encoding.ASCII.GetBytes(DateTimeOffset.UnixEpoch.ToString("O", CultureInfo.InvariantCulture))),
            ],
        });
    }

    /// <summary>As if the group's last commits had never reached the broker.</summary>
    public void ForgetOffsets()
    {
        using var consumer = new ConsumerBuilder<byte[], byte[]>(new ConsumerConfig { BootstrapServers = Kafka, GroupId = Group }).Build();
        consumer.Commit(Enumerable.Range(0, Topics.Partitions).Select(p => new TopicPartitionOffset(Topic, p, 0)));
    }
}

public static class Eventually
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    public static async Task TrueAsync(Func<Task<bool>> condition)
    {
        var started = TimeProvider.System.GetTimestamp();
        while (!await condition())
        {
            if (TimeProvider.System.GetElapsedTime(started) > Patience)
                throw new TimeoutException("It did not become true.");
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System);
        }
    }

    /// <summary>What there is, once there is something.</summary>
    public static async Task<IReadOnlyList<T>> SomeAsync<T>(Func<IEnumerable<T>> look)
    {
        await TrueAsync(() => look().Any());
        return [.. look()];
    }

    public static Task TrueAsync(Func<bool> condition) => TrueAsync(() => Task.FromResult(condition()));
}
