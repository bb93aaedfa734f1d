namespace Local.Kafka.Protocol.Messages;

internal sealed record DescribeClusterRequest : IRequest
{
    public static IRequest Read(ref WireReader r)
    {
        r.Bool(); // operations: no ACLs
        if (r.Version >= 1) r.Int8(); // endpoint type
        return new DescribeClusterRequest();
    }
}

internal sealed record DescribeClusterResponse(string ClusterId, Node Node) : IResponse
{
    private const sbyte BrokerEndpoints = 1;

    public void Write(WireWriter w)
    {
        w.ThrottleTime();
        w.Error(ErrorCode.None);
        w.String(null); // message
        if (w.Version >= 1) w.Int8(BrokerEndpoints);
        w.String(ClusterId);
        w.Int32(Node.Id);
        w.Structs([Node], static (w, node) => node.Write(w, withRack: true));
        w.Int32(MetadataResponse.NoAuthorizedOperations);
    }
}
