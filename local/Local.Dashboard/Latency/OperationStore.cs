using Local.Dashboard.Traces;

namespace Local.Dashboard.Latency;

/// <summary>Keeps latencies and failures of every operation that a service serves, counted as spans arrive: traces may be dropped, this stays.</summary>
internal sealed class OperationStore
{
    internal const int MostOperations = 150;

    private readonly Lock _lock = new();
    private readonly Dictionary<Operation, OperationHistory> _operations = [];

    internal void Add(List<Span> spans)
    {
        lock (_lock)
        {
            foreach (var span in spans)
            {
                if (span.Kind is not (SpanKind.Server or SpanKind.Consumer))
                    continue;
                var operation = new Operation(span.Resource.Name, span.Name);
                if (!_operations.TryGetValue(operation, out var history))
                {
                    if (_operations.Count >= MostOperations)
                        continue;
                    _operations[operation] = history = new OperationHistory();
                }
                history.Add(span.End, span.Duration, span.IsError);
            }
        }
    }

    /// <summary>Each operation that ran in the stretch.</summary>
    internal IReadOnlyList<(Operation Operation, OperationStats Stats)> Between(long from, long to, bool fine)
    {
        lock (_lock)
        {
            return _operations.Select(o => (o.Key, Stats: o.Value.Between(from, to, fine))).Where(o => o.Stats.Count > 0).ToList();
        }
    }

    /// <summary>One operation, one entry for each step; null when it never ran.</summary>
    internal IReadOnlyList<OperationStats>? Over(Operation operation, IReadOnlyList<long> times, bool fine)
    {
        lock (_lock)
        {
            return _operations.TryGetValue(operation, out var history)
                ? times.Zip(times.Skip(1), (from, to) => history.Between(from, to, fine)).ToList()
                : null;
        }
    }

    internal void Clear()
    {
        lock (_lock)
            _operations.Clear();
    }
}

/// <summary>A route or a topic, in the service that serves it.</summary>
public sealed record Operation(string Resource, string Name);
