using Local.Dashboard.Telemetry;
using Local.Dashboard.Traces;

namespace Local.Dashboard.Map;

public enum MapNodeKind
{
    /// <summary>Whoever calls from outside and reports nothing.</summary>
    Callers,
    Service,
    Database,
    Topic,

    /// <summary>Called, and reports nothing itself.</summary>
    Outside,
}

public sealed record MapNode(string Name, MapNodeKind Kind);

/// <summary>What one called of another: how often, how many failed, how long each took in ticks, in order.</summary>
public sealed record MapEdge(string From, string To, int Count, int Failures, IReadOnlyList<long> Durations)
{
    public TimeSpan Percentile(double fraction) => TimeSpan.FromTicks(Durations[(int)Math.Min(Durations.Count - 1, fraction * Durations.Count)]);
}

/// <summary>Who talks to whom, as the spans of real requests and messages tell.</summary>
public sealed record ServiceMap(IReadOnlyList<MapNode> Nodes, IReadOnlyList<MapEdge> Edges)
{
    internal const string Callers = "callers";

    /// <param name="traces">Where spans and their parents are.</param>
    /// <param name="since">Ticks: what ended before does not count.</param>
    internal static ServiceMap Of(IEnumerable<Trace> traces, long since)
    {
        var building = new Building();
        foreach (var trace in traces)
        {
            if (trace.End >= since)
                building.Add(trace, since);
        }
        return building.Finish();
    }

    private sealed class Building
    {
        private readonly Dictionary<string, MapNodeKind> _nodes = new(StringComparer.Ordinal);
        private readonly Dictionary<(string From, string To), Tally> _edges = [];

        // Of one trace at a time; kept to be filled again.
        private readonly Dictionary<SpanId, Span> _byId = [];
        private readonly HashSet<SpanId> _answered = [];

        internal void Add(Trace trace, long since)
        {
            _byId.Clear();
            _answered.Clear();
            foreach (var span in trace.Spans)
            {
                _byId[span.Id] = span;
                if (span.Kind == SpanKind.Server)
                    _answered.Add(span.Parent);
            }
            foreach (var span in _byId.Values)
            {
                if (span.End < since)
                    continue;
                var own = span.Resource.Name;
                switch (span.Kind)
                {
                    case SpanKind.Server:
                        var caller = _byId.GetValueOrDefault(span.Parent)?.Resource.Name ?? Callers;
                        Count(caller, caller == Callers ? MapNodeKind.Callers : MapNodeKind.Service, own, MapNodeKind.Service, span);
                        break;
                    case SpanKind.Client when !_answered.Contains(span.Id) && Peer.Of(span) is { } peer:
                        Count(own, MapNodeKind.Service, peer.Name, peer.Type == SpanType.Database ? MapNodeKind.Database : MapNodeKind.Outside, span);
                        break;
                    case SpanKind.Producer when Peer.Of(span) is { } topic:
                        Count(own, MapNodeKind.Service, topic.Name, MapNodeKind.Topic, span);
                        break;
                    case SpanKind.Consumer when Peer.Of(span) is { } topic:
                        Count(topic.Name, MapNodeKind.Topic, own, MapNodeKind.Service, span);
                        break;
                }
            }
        }

        internal ServiceMap Finish() => new(
            _nodes.Select(n => new MapNode(n.Key, n.Value)).OrderBy(n => n.Kind).ThenBy(n => n.Name, StringComparer.Ordinal).ToList(),
            _edges.Select(e => new MapEdge(e.Key.From, e.Key.To, e.Value.Durations.Count, e.Value.Failures, e.Value.Durations.Order().ToList()))
                .OrderBy(e => e.From, StringComparer.Ordinal).ThenBy(e => e.To, StringComparer.Ordinal).ToList());

        private void Count(string from, MapNodeKind fromKind, string to, MapNodeKind toKind, Span span)
        {
            _nodes.TryAdd(from, fromKind);
            _nodes.TryAdd(to, toKind);
            if (!_edges.TryGetValue((from, to), out var tally))
                _edges[(from, to)] = tally = new Tally();
            tally.Durations.Add(span.Duration);
            if (span.IsError)
                tally.Failures++;
        }

        private sealed class Tally
        {
            internal List<long> Durations { get; } = [];

            internal int Failures { get; set; }
        }
    }
}
