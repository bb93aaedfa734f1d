using System.Buffers.Binary;
using System.Net.Sockets;

namespace Local.Dashboard.Messaging;

/// <summary>
/// Asks the local broker how far topics and consumer groups are. Six kinds of request over one connection are all there is to it:
/// the native client library would bring threads that never sleep, for a page that is seldom open.
/// </summary>
internal sealed class BrokerClient(string host, int port) : IAsyncDisposable
{
    private const short ListOffsets = 2, Metadata = 3, OffsetFetch = 9, DescribeGroups = 15, ListGroups = 16;
    private const long Latest = -1, Earliest = -2;
    private const int LargestAnswer = 16 * 1024 * 1024;

    private readonly Socket _socket = new(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };

    public async Task ConnectAsync(CancellationToken cancel) => await _socket.ConnectAsync(host, port, cancel);

    public ValueTask DisposeAsync()
    {
        _socket.Dispose();
        return ValueTask.CompletedTask;
    }

    public async Task<IReadOnlyList<TopicOffsets>> TopicsAsync(CancellationToken cancel)
    {
        var answer = await AskAsync(new KafkaRequest(Metadata, 4).NullArray().Bool(false), cancel);
        answer.Int32();
        answer.Array(static b => (b.Int32(), b.String(), b.Int32(), b.String()));
        answer.String();
        answer.Int32();
        var topics = answer.Array(static t =>
        {
            t.Int16();
            var name = t.String();
            t.Bool();
            return (Name: name, Partitions: t.Array(static p =>
            {
                p.Int16();
                var index = p.Int32();
                p.Int32();
                p.Array(static r => r.Int32());
                p.Array(static r => r.Int32());
                return index;
            }));
        });
        var ends = await OffsetsAsync(topics, Latest, cancel);
        var starts = await OffsetsAsync(topics, Earliest, cancel);
        return topics.OrderBy(t => t.Name, StringComparer.Ordinal).Select(t => new TopicOffsets(
            t.Name, t.Partitions.Order().Select(p => new PartitionOffsets(p, starts.GetValueOrDefault((t.Name, p)), ends.GetValueOrDefault((t.Name, p)))).ToList())).ToList();
    }

    public async Task<IReadOnlyList<GroupOffsets>> GroupsAsync(CancellationToken cancel)
    {
        var answer = await AskAsync(new KafkaRequest(ListGroups, 0), cancel);
        answer.Int16();
        var names = answer.Array(static g =>
        {
            var name = g.String();
            g.String();
            return name;
        });
        var described = await DescribeAsync(names, cancel);
        var groups = new List<GroupOffsets>();
        foreach (var name in names.Order(StringComparer.Ordinal))
        {
            var (state, members) = described.GetValueOrDefault(name, ("Unknown", 0));
            groups.Add(new GroupOffsets(name, state, members, await CommittedAsync(name, cancel)));
        }
        return groups;
    }

    private async Task<Dictionary<string, (string State, int Members)>> DescribeAsync(List<string> groups, CancellationToken cancel)
    {
        var answer = await AskAsync(new KafkaRequest(DescribeGroups, 0).Array(groups, static (r, g) => r.String(g)), cancel);
        return answer.Array(static g =>
        {
            g.Int16();
            var (name, state) = (g.String(), g.String());
            g.String();
            g.String();
            var members = g.Array(static m =>
            {
                m.String();
                m.String();
                m.String();
                m.SkipBytes();
                m.SkipBytes();
                return true;
            });
            return (name, state, members.Count);
        }).ToDictionary(g => g.name, g => (g.state, g.Count), StringComparer.Ordinal);
    }

    private async Task<IReadOnlyDictionary<(string Topic, int Partition), long>> CommittedAsync(string group, CancellationToken cancel)
    {
        var answer = await AskAsync(new KafkaRequest(OffsetFetch, 2).String(group).NullArray(), cancel);
        return ByPartition(answer, static p =>
        {
            var offset = p.Int64();
            p.String();
            p.Int16();
            return offset;
        });
    }

    private async Task<Dictionary<(string, int), long>> OffsetsAsync(List<(string Name, List<int> Partitions)> topics, long time, CancellationToken cancel)
    {
        var request = new KafkaRequest(ListOffsets, 1).Int32(-1)
            .Array(topics, (r, t) => r.String(t.Name).Array(t.Partitions, (p, index) => p.Int32(index).Int64(time)));
        return ByPartition(await AskAsync(request, cancel), static p =>
        {
            p.Int16();
            p.Int64();
            return p.Int64();
        });
    }

    private static Dictionary<(string, int), long> ByPartition(KafkaAnswer answer, Func<KafkaAnswer, long> read) =>
        answer.Array(t => (Name: t.String(), Partitions: t.Array(p => (Index: p.Int32(), Offset: read(p)))))
            .SelectMany(t => t.Partitions.Select(p => (Key: (t.Name, p.Index), p.Offset)))
            .ToDictionary(p => p.Key, p => p.Offset);

    private async Task<KafkaAnswer> AskAsync(KafkaRequest request, CancellationToken cancel)
    {
        await _socket.SendAsync(request.ToBytes(), cancel);
        var length = new byte[sizeof(int)];
        await ReadAsync(length, cancel);
        var size = BinaryPrimitives.ReadInt32BigEndian(length);
        if (size is < sizeof(int) or > LargestAnswer)
            throw new InvalidDataException($"The broker announced an answer of {size} bytes.");
        var bytes = new byte[size];
        await ReadAsync(bytes, cancel);
        return new KafkaAnswer(bytes);
    }

    private async Task ReadAsync(Memory<byte> bytes, CancellationToken cancel)
    {
        while (bytes.Length > 0)
        {
            var read = await _socket.ReceiveAsync(bytes, cancel);
            if (read == 0)
                throw new IOException("The broker closed the connection.");
            bytes = bytes[read..];
        }
    }
}

internal sealed record TopicOffsets(string Name, IReadOnlyList<PartitionOffsets> Partitions)
{
    public long Messages => Partitions.Sum(p => p.End - p.Start);

    public long End => Partitions.Sum(p => p.End);
}

internal sealed record PartitionOffsets(int Index, long Start, long End);

internal sealed record GroupOffsets(string Name, string State, int Members, IReadOnlyDictionary<(string Topic, int Partition), long> Committed);
