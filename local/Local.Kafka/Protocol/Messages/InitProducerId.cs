namespace Local.Kafka.Protocol.Messages;

/// <summary>ProducerId and Epoch: what the producer has now, or -1 (KIP-360: it asks for a higher epoch after an error).</summary>
internal sealed record InitProducerIdRequest(string? TransactionalId, long ProducerId, short Epoch) : IRequest
{
    public static IRequest Read(ref WireReader r)
    {
        var transactionalId = r.NullableString();
        r.Int32(); // transaction timeout
        return r.Version >= 3
            ? new InitProducerIdRequest(transactionalId, r.Int64(), r.Int16())
            : new InitProducerIdRequest(transactionalId, ProducerId: -1, Epoch: -1);
    }
}

internal sealed record InitProducerIdResponse(ErrorCode Error, long ProducerId, short Epoch) : IResponse
{
    public void Write(WireWriter w)
    {
        w.ThrottleTime();
        w.Error(Error);
        w.Int64(ProducerId);
        w.Int16(Epoch);
    }
}
