namespace Local.Dashboard.Otlp;

/// <summary>OTLP's timestamps: nanoseconds since 1970.</summary>
internal static class UnixNanos
{
    private const ulong NanosPerTick = 100;
    private static readonly ulong MostTicks = (ulong)(DateTime.MaxValue.Ticks - DateTime.UnixEpoch.Ticks) / 2;

    /// <summary>.NET's ticks. A time that no clock shows becomes the last one that arithmetic can bear.</summary>
    public static long ToTicks(ulong nanos) => DateTime.UnixEpoch.Ticks + (long)Math.Min(nanos / NanosPerTick, MostTicks);
}
