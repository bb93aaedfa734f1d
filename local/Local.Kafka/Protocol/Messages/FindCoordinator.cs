namespace Local.Kafka.Protocol.Messages;

internal sealed record FindCoordinatorRequest(sbyte KeyType, string[] Keys) : IRequest
{
    public const sbyte GroupKey = 0;

    public static IRequest Read(ref WireReader r)
    {
        if (r.Version >= 4) return new FindCoordinatorRequest(r.Int8(), r.StringArray());
        string[] keys = [r.String()];
        return new FindCoordinatorRequest(r.Version >= 1 ? r.Int8() : GroupKey, keys);
    }
}

internal sealed record FindCoordinatorResponse(ErrorCode Error, string? Message, Node Node, string[] Keys) : IResponse
{
    public void Write(WireWriter w)
    {
        w.ThrottleTime(since: 1);
        if (w.Version >= 4)
        {
            w.Structs(Keys, (w, key) =>
            {
                w.String(key);
                Node.Write(w, withRack: false);
                w.Error(Error);
                w.String(Message);
            });
            return;
        }
        w.Error(Error);
        if (w.Version >= 1) w.String(Message);
        Node.Write(w, withRack: false);
    }
}
