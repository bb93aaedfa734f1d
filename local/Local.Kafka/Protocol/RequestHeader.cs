namespace Local.Kafka.Protocol;

/// <summary>What every request begins with. The client id is written in the old form in flexible versions too.</summary>
internal readonly record struct RequestHeader(short ApiKey, short Version, int CorrelationId, string? ClientId)
{
    public static RequestHeader Read(ref WireReader r) => new(r.Int16(), r.Int16(), r.Int32(), r.NullableString());
}
