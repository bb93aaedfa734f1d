namespace Local.Dashboard.Traces;

/// <summary>The other side of an outgoing call, as the caller's attributes name it.</summary>
internal sealed record Peer(string Name, SpanType Type)
{
    /// <summary>Null where nothing names it.</summary>
    internal static Peer? Of(Span span)
    {
        string? peer = null, database = null, databaseName = null, messaging = null, destination = null, address = null, port = null;
        var attributes = span.Attributes.GetEnumerator();
        while (attributes.MoveNext())
        {
            switch (attributes.Key)
            {
                case "peer.service" or "service.peer.name": peer = attributes.Value; break;
                case "db.system.name" or "db.system": database = attributes.Value; break;
                case "db.namespace" or "db.name": databaseName = attributes.Value; break;
                case "messaging.system": messaging = attributes.Value; break;
                case "messaging.destination.name": destination = attributes.Value; break;
                case "server.address" or "net.peer.name": address = attributes.Value; break;
                case "server.port" or "net.peer.port": port = attributes.Value; break;
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
