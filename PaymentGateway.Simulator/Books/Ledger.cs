using Microsoft.Extensions.Options;

namespace PaymentGatewaySimulator.Books;

/// <summary>
/// The gateway's own books: one entry per key, whatever is sent how often. A key that is cancelled before it is known
/// is refused for ever, so that an approval still on its way cannot take money later.
/// </summary>
public sealed class Ledger : IDisposable
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, Entry> _entries = new(StringComparer.Ordinal);
    private readonly List<string> _order = [];
    private readonly Journal? _journal;

    public Ledger(IOptions<SimulatorOptions> options)
    {
        if (options.Value.DataDirectory is not { Length: > 0 } directory)
            return;
        _journal = new Journal(directory);
        foreach (var entry in _journal.Read())
            Keep(entry);
    }

    public Entry Approve(string key, string orderId, long amount, string? declineReason)
    {
        lock (_lock)
        {
            if (_entries.TryGetValue(key, out var known))
                return known;
            return Record(declineReason is null
                ? new Entry(key, orderId, amount, EntryStatus.Approved, Approvals: 1)
                : new Entry(key, orderId, amount, EntryStatus.Declined, declineReason));
        }
    }

    public Entry? Find(string key)
    {
        lock (_lock)
            return _entries.GetValueOrDefault(key);
    }

    public Entry Cancel(string key)
    {
        lock (_lock)
        {
            var known = _entries.GetValueOrDefault(key);
            return known switch
            {
                null => Record(new Entry(key, "", 0, EntryStatus.Cancelled)),
                { Status: EntryStatus.Approved } => Record(known with { Status = EntryStatus.Cancelled }),
                _ => known,
            };
        }
    }

    public BooksPage Read(int page, int size)
    {
        lock (_lock)
        {
            var approved = _entries.Values.Where(e => e.Status is EntryStatus.Approved).ToArray();
            var items = _order.Skip((page - 1) * size).Take(size).Select(key => _entries[key]).ToArray();
            return new BooksPage(
                approved.Length, approved.Sum(e => e.Amount), _entries.Values.Count(e => e.Status is EntryStatus.Declined),
                _entries.Values.Count(e => e.Status is EntryStatus.Cancelled), items, page, size, _order.Count);
        }
    }

    public void Dispose() => _journal?.Dispose();

    private Entry Record(Entry entry)
    {
        _journal?.Append(entry);
        return Keep(entry);
    }

    private Entry Keep(Entry entry)
    {
        if (!_entries.ContainsKey(entry.Key))
            _order.Add(entry.Key);
        return _entries[entry.Key] = entry;
    }
}

/// <summary>Totals over everything, and one page of entries in the order of their first appearance.</summary>
public sealed record BooksPage(
    int ApprovedCount, long ApprovedAmount, int DeclinedCount, int CancelledCount, Entry[] Items, int Page, int Size, int Total);
