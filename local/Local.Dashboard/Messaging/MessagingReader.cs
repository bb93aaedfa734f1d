using System.Net.Sockets;
using System.Text.Json;
using Local.Dashboard.Live;
using Local.Dashboard.Resources;
using Local.Dashboard.Services;

namespace Local.Dashboard.Messaging;

/// <summary>Gathers what the messaging page shows: offsets from the broker, outboxes and dead letters from the services.</summary>
internal sealed class MessagingReader : IDisposable
{
    internal const string Topic = "messaging";
    private const string Broker = "kafka";
    private const int ListedLetters = 100;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    private readonly IResourceView _resources;
    private readonly ServiceClient _services;
    private readonly TimeProvider _time;
    private Dictionary<string, long> _ends = new(StringComparer.Ordinal);
    private long _endsAt;

    public MessagingReader(IResourceView resources, ServiceClient services, LiveChanges changes, TimeProvider time)
    {
        (_resources, _services, _time) = (resources, services, time);
        Now = new Polled<MessagingSnapshot>(Topic, changes, time, ReadAsync);
    }

    public Polled<MessagingSnapshot> Now { get; }

    public void Dispose() => Now.Dispose();

    private async Task<MessagingSnapshot> ReadAsync(CancellationToken cancel)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        patience.CancelAfter(Patience);
        var troubles = new List<string>();
        var broker = Attempt("The broker", () => AskBrokerAsync(patience.Token));
        var services = await Task.WhenAll(_services.Running.Select(s => Attempt(s.Name, () => AskServiceAsync(s, patience.Token))));
        var offsets = await broker ?? new BrokerAnswer([], []);
        return new MessagingSnapshot(
            offsets.Topics, offsets.Groups,
            services.Select(s => s?.Outbox).OfType<OutboxRow>().ToList(),
            services.SelectMany(s => s?.Letters ?? []).OrderByDescending(l => l.FailedAt).ToList(),
            services.Sum(s => s?.Total ?? 0),
            troubles);

        async Task<T?> Attempt<T>(string whom, Func<Task<T>> ask) where T : class
        {
            try
            {
                return await ask();
            }
            catch (Exception e) when (e is HttpRequestException or SocketException or IOException or InvalidDataException or OperationCanceledException or JsonException)
            {
                lock (troubles)
                    troubles.Add($"{whom} did not tell: {(e is OperationCanceledException ? "no answer in time." : e.Message)}");
                return null;
            }
        }
    }

    private async Task<BrokerAnswer> AskBrokerAsync(CancellationToken cancel)
    {
        if (_resources.Current.FirstOrDefault(r => r.Name == Broker)?.Urls is not [{ } url, ..])
            throw new IOException($"the model has no '{Broker}'.");
        var address = new Uri(url);
        await using var client = new BrokerClient(address.Host, address.Port);
        await client.ConnectAsync(cancel);
        var topics = await client.TopicsAsync(cancel);
        var groups = await client.GroupsAsync(cancel);

        var elapsed = _time.GetElapsedTime(_endsAt).TotalSeconds;
        var before = _endsAt == 0 || elapsed > 30 ? null : _ends;
        (_ends, _endsAt) = (topics.ToDictionary(t => t.Name, t => t.End, StringComparer.Ordinal), _time.GetTimestamp());
        var rows = topics.Select(t => new TopicRow(
            t.Name, t.Messages, before is not null && before.TryGetValue(t.Name, out var end) ? Math.Max(0, t.End - end) / elapsed : null, t.Partitions)).ToList();
        return new BrokerAnswer(rows, groups.SelectMany(g => LagsOf(g, topics)).ToList());
    }

    /// <summary>A group that has committed nothing yet has everything before it.</summary>
    private static IEnumerable<GroupRow> LagsOf(GroupOffsets group, IReadOnlyList<TopicOffsets> topics) =>
        topics.Where(t => group.Committed.Keys.Any(k => k.Topic == t.Name))
            .Select(t => new GroupRow(group.Name, t.Name, group.State, group.Members, t.Partitions.Select(p => LagOf(group, t.Name, p)).ToList()));

    private static long LagOf(GroupOffsets group, string topic, PartitionOffsets partition) =>
        Math.Max(0, partition.End - Math.Max(partition.Start, group.Committed.GetValueOrDefault((topic, partition.Index), partition.Start)));

    private async Task<ServiceAnswer> AskServiceAsync(ResourceSnapshot service, CancellationToken cancel)
    {
        var metrics = await _services.MetricsAsync(service, cancel);
        var outbox = metrics.Any(m => m.Name == "outbox_pending")
            ? new OutboxRow(service.Name, (long)Sum("outbox_pending"), metrics.Where(m => m.Name == "outbox_lag_seconds").Max(m => m.Value), (long)Sum("outbox_dead"))
            : null;
        // Who neither sends nor consumes has no letters either.
        if (!metrics.Any(m => m.Name is "outbox_pending" or "consumer_lag"))
            return new ServiceAnswer(null, [], 0);
        var letters = await _services.AskAsAdminAsync<Letters>(service.Name, HttpMethod.Get, $"/api/v1/admin/dead-letters?size={ListedLetters}", null, cancel);
        return new ServiceAnswer(outbox, letters?.Items.Select(l => l with { Service = service.Name }).ToList() ?? [], letters?.Total ?? 0);

        double Sum(string name) => metrics.Where(m => m.Name == name).Sum(m => m.Value);
    }

    private sealed record BrokerAnswer(IReadOnlyList<TopicRow> Topics, IReadOnlyList<GroupRow> Groups);

    private sealed record ServiceAnswer(OutboxRow? Outbox, IReadOnlyList<DeadLetterRow> Letters, int Total);

    private sealed record Letters(IReadOnlyList<DeadLetterRow> Items, int Total);
}
