namespace Local.Kafka.Log;

/// <summary>Sequence numbers of an idempotent producer count from 0 to <see cref="int.MaxValue"/> and start again.</summary>
internal static class Sequence
{
    public static int Add(int sequence, int count) => (int)((sequence + (long)count) & int.MaxValue);

    public static int Next(int sequence) => Add(sequence, 1);
}
