namespace Local.Dashboard.Traces;

/// <summary>The other side of an outgoing call, as the caller's attributes name it.</summary>
internal sealed record Peer(string Name, SpanType Type)
{
    /// <summary>Null where nothing names it.</summary>
    internal static Peer? Of(Span span)
    {
        string? peer = null, database = null, databaseName = null, messaging = null, destination = null, address = null, port = null;
        foreach (var (key, value) in span.Attributes)
        {
            switch (key)
            {
                case "peer.service" or "service.peer.name": peer = value; break;
                case "db.system.name" or "db.system": database = value; break;
                case "db.namespace" or "db.name": databaseName = value; break;
                case "messaging.system": messaging = value; break;
                case "messaging.destination.name": destination = value; break;
                case "server.address" or "net.peer.name": address = value; break;
                case "server.port" or "net.peer.port": port = value; break;
            }
        }
        if (peer is not null)
            return new(peer, span.Type);
        if (database is not null)
            return new(databaseName is null ? database : $"{database} {databaseName}", SpanType.Database);
        if (messaging is not null)
            return new(destination is null ? messaging : $"{messaging} {destination}", SpanType.Messaging);
        return address is null ? null : new(port is null ? address : $"{address}:{port}", span.Type);
    }
}
