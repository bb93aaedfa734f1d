using Local.Kafka.Protocol;

namespace Local.Kafka.Tests;

/// <summary>What a producer sends, and a tool that commits an offset.</summary>
internal static class RawProducer
{
    private const short ProduceVersion = 8;
    private const short CommitVersion = 2;

    public static async Task<(ErrorCode Error, long Offset)> ProduceAsync(this RawClient client, string topic, byte[] batch, short acks = -1, int partition = 0) =>
        ReadProduced(await client.AskAsync(ApiKey.Produce, ProduceVersion, w => WriteProduce(w, topic, partition, acks, batch)));

    /// <summary>For a test that must see when the answer comes, or that none does.</summary>
    public static byte[] ProduceRequest(string topic, byte[] batch, short acks = -1) =>
        RawClient.Request(ApiKey.Produce, ProduceVersion, correlation: 0, w => WriteProduce(w, topic, partition: 0, acks, batch));

    public static byte[] CommitRequest(string group, string topic, long offset) => RawClient.Request(ApiKey.OffsetCommit, CommitVersion, correlation: 0, w =>
    {
        w.String(group);
        w.Int32(-1); // outside of any generation
        w.String("");
        w.Int64(-1);
        w.Structs([topic], (w, name) =>
        {
            w.String(name);
            w.Structs([0], (w, partition) =>
            {
                w.Int32(partition);
                w.Int64(offset);
                w.String(null);
            });
        });
    });

    private static void WriteProduce(WireWriter w, string topic, int partition, short acks, byte[] batch)
    {
        w.String(null); // no transaction
        w.Int16(acks);
        w.Int32(1_000);
        w.Structs([topic], (w, name) =>
        {
            w.String(name);
            w.Structs([partition], (w, index) =>
            {
                w.Int32(index);
                w.Bytes(batch);
            });
        });
    }

    private static (ErrorCode Error, long Offset) ReadProduced(byte[] body)
    {
        var answer = new WireReader(body);
        return answer.Array(static (ref WireReader t) =>
        {
            t.String();
            return t.Array(static (ref WireReader p) =>
            {
                p.Int32();
                return ((ErrorCode)p.Int16(), p.Int64());
            })[0];
        })[0];
    }
}
