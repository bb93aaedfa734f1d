using System.Text.Json;
using Local.Dashboard.Live;
using Local.Dashboard.Services;

namespace Local.Dashboard.Sale;

/// <summary>Gathers what the sale page shows from the queue, concert, reservation and payment services.</summary>
internal sealed class SaleReader : IDisposable
{
    internal const string Topic = "sale";
    private const string Queue = "queue", Concert = "concert";
    private const int MostConcerts = 100;
    private const int Remembered = 150;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan Interrupted = TimeSpan.FromSeconds(15);

    private readonly ServiceClient _services;
    private readonly TimeProvider _time;
    private readonly Queue<SalePace> _history = new();
    private Dictionary<string, double>? _before;
    private long _beforeAt;

    public SaleReader(ServiceClient services, LiveChanges changes, TimeProvider time)
    {
        (_services, _time) = (services, time);
        Now = new Polled<SaleSnapshot>(Topic, changes, time, ReadAsync);
    }

    public Polled<SaleSnapshot> Now { get; }

    public void Dispose() => Now.Dispose();

    private async Task<SaleSnapshot> ReadAsync(CancellationToken cancel)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        patience.CancelAfter(Patience);
        var troubles = new SortedSet<string>(StringComparer.Ordinal);
        var counting = CountAsync(patience.Token);
        var page = await Attempt(Concert, () => _services.GetAsync<Page>(Concert, $"/api/v1/concerts?size={MostConcerts}", patience.Token));
        var rows = await Task.WhenAll((page?.Items ?? []).Select(ShowAsync));
        var pace = PaceOf(await counting, rows.Sum(r => r.Line?.Waiting ?? 0));
        return new SaleSnapshot(rows, pace, [.. _history], [.. troubles]);

        async Task<ConcertRow> ShowAsync(Item item)
        {
            var line = Attempt(Queue, () => _services.GetAsync<LineNumbers>(Queue, $"/api/v1/queue/lines/{item.Id}", patience.Token));
            var schedules = await Attempt(Concert, () => _services.GetAsync<Schedules>(Concert, $"/api/v1/concerts/{item.Id}/schedules", patience.Token));
            var seats = schedules is null ? null : new SeatNumbers(schedules.Items.Sum(s => s.SeatsAvailable), schedules.Items.Sum(s => s.SeatsTotal));
            return new ConcertRow(item.Id, item.Title, item.Artist, await line, seats);
        }

        async Task<T?> Attempt<T>(string whom, Func<Task<T>> ask) where T : class
        {
            try
            {
                return await ask();
            }
            catch (Exception e) when (e is HttpRequestException or OperationCanceledException or JsonException)
            {
                lock (troubles)
                    troubles.Add($"{whom} did not tell: {(e is OperationCanceledException ? "no answer in time." : e.Message)}");
                return null;
            }
        }
    }

    /// <summary>The services' own counters, summed over their replicas.</summary>
    private async Task<Dictionary<string, double>> CountAsync(CancellationToken cancel)
    {
        var samples = await Task.WhenAll(_services.Running.Select(s => _services.MetricsAsync(s, cancel)));
        return samples.SelectMany(s => s).Where(s => CounterOf(s) is not null).GroupBy(s => CounterOf(s)!).ToDictionary(g => g.Key, g => g.Sum(s => s.Value), StringComparer.Ordinal);
    }

    private static string? CounterOf(MetricSample sample) => sample.Name switch
    {
        "queue_issued_total" => nameof(SalePace.Tickets),
        "queue_admitted_total" => nameof(SalePace.Admissions),
        "reservations_changes_total" when sample.Labels.GetValueOrDefault("status") == "held" => nameof(SalePace.Holds),
        "reservations_changes_total" when sample.Labels.GetValueOrDefault("status") == "confirmed" => nameof(SalePace.Bookings),
        "payments_failed_total" => nameof(SalePace.FailedPayments),
        _ => null,
    };

    /// <summary>Null at the first look, and after a pause: nobody knows when in it things happened.</summary>
    private SalePace? PaceOf(Dictionary<string, double> counts, long waiting)
    {
        var (before, elapsed) = (_before, _time.GetElapsedTime(_beforeAt));
        (_before, _beforeAt) = (counts, _time.GetTimestamp());
        if (before is null || elapsed > Interrupted)
        {
            _history.Clear();
            return null;
        }
        var pace = new SalePace(
            _time.GetUtcNow(), Rate(nameof(SalePace.Tickets)), Rate(nameof(SalePace.Admissions)), Rate(nameof(SalePace.Holds)),
            Rate(nameof(SalePace.Bookings)), Rate(nameof(SalePace.FailedPayments)), waiting);
        _history.Enqueue(pace);
        if (_history.Count > Remembered)
            _history.Dequeue();
        return pace;

        // A counter that went back belongs to a service that started again.
        double Rate(string name) => Math.Max(0, counts.GetValueOrDefault(name) - before.GetValueOrDefault(name)) / elapsed.TotalSeconds;
    }

    private sealed record Page(IReadOnlyList<Item> Items);

    private sealed record Item(long Id, string Title, string Artist);

    private sealed record Schedules(IReadOnlyList<Schedule> Items);

    private sealed record Schedule(long SeatsTotal, long SeatsAvailable);
}
