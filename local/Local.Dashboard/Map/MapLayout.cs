using System.Globalization;

namespace Local.Dashboard.Map;

/// <summary>
/// Places callers left of what they call, as far as circles allow: what closes a circle runs back below the others.
/// </summary>
internal sealed class MapLayout
{
    internal const int NodeWidth = 168;
    internal const int NodeHeight = 48;
    private const int ColumnStep = NodeWidth + 120;
    private const int RowStep = NodeHeight + 34;
    private const int Margin = 14;
    private const int Sweeps = 8;

    private readonly Dictionary<string, (int Column, double Row)> _places;
    private readonly double _mostRows;

    internal MapLayout(ServiceMap map)
    {
        var names = map.Nodes.Select(n => n.Name).ToList();
        var columns = ColumnsOf(names, map.Edges);
        _places = Order(names, columns, map.Edges);
        _mostRows = _places.Values.Select(p => p.Row).DefaultIfEmpty(0).Max() + 1;
        HasReturns = map.Edges.Any(IsReturn);
    }

    internal bool HasReturns { get; }

    internal int Width => 2 * Margin + _places.Values.Select(p => p.Column).DefaultIfEmpty(0).Max() * ColumnStep + NodeWidth;

    internal int Height => 2 * Margin + (int)(_mostRows * RowStep) + (HasReturns ? RowStep : 0);

    internal (double X, double Y) At(string node) => (Margin + _places[node].Column * ColumnStep, Margin + _places[node].Row * RowStep);

    internal bool IsReturn(MapEdge edge) => _places[edge.From].Column >= _places[edge.To].Column;

    internal string PathOf(MapEdge edge)
    {
        var ((fromX, fromY), (toX, toY)) = (At(edge.From), At(edge.To));
        if (!IsReturn(edge))
        {
            var (x1, y1, x2, y2) = (fromX + NodeWidth, fromY + NodeHeight / 2.0, toX - 2, toY + NodeHeight / 2.0);
            var half = (x2 - x1) / 2;
            return $"M{N(x1)} {N(y1)}C{N(x1 + half)} {N(y1)} {N(x2 - half)} {N(y2)} {N(x2)} {N(y2)}";
        }
        // Out below, in from below.
        var depth = Math.Max(fromY, toY) + NodeHeight + RowStep * 0.55;
        var (from, to) = (fromX + NodeWidth * 0.6, toX + NodeWidth * 0.4);
        return $"M{N(from)} {N(fromY + NodeHeight)}C{N(from)} {N(depth)} {N(to)} {N(depth)} {N(to)} {N(toY + NodeHeight + 2)}";
    }

    /// <summary>Where an edge says its numbers: near its end, where edges from one node are apart already.</summary>
    internal (double X, double Y) LabelOf(MapEdge edge)
    {
        var ((fromX, fromY), (toX, toY)) = (At(edge.From), At(edge.To));
        if (!IsReturn(edge))
        {
            var t = fromY.Equals(toY) ? 0.5 : 0.62;
            var (y1, y2) = (fromY + NodeHeight / 2.0, toY + NodeHeight / 2.0);
            var eased = t * t * (3 - 2 * t);
            return (fromX + NodeWidth + (toX - fromX - NodeWidth) * t, y1 + (y2 - y1) * eased - 5);
        }
        return ((fromX + toX + NodeWidth) / 2, Math.Max(fromY, toY) + NodeHeight + RowStep * 0.38);
    }

    internal static string N(double value) => value.ToString("0.#", CultureInfo.InvariantCulture);

    // The longest way from a node that nobody calls. An edge into a node whose way is being looked for closes a circle and is left out.
    private static Dictionary<string, int> ColumnsOf(List<string> names, IReadOnlyList<MapEdge> edges)
    {
        var calls = edges.Where(e => e.From != e.To).ToLookup(e => e.From, e => e.To);
        var returns = new HashSet<(string, string)>();
        var (open, done) = (new HashSet<string>(StringComparer.Ordinal), new List<string>());
        var called = edges.Select(e => e.To).ToHashSet(StringComparer.Ordinal);
        foreach (var name in names.OrderBy(called.Contains))
            Visit(name);
        var columns = names.ToDictionary(n => n, _ => 0, StringComparer.Ordinal);
        // Visited last is nearest to the left.
        foreach (var name in Enumerable.Reverse(done))
        {
            foreach (var next in calls[name].Where(n => !returns.Contains((name, n))))
                columns[next] = Math.Max(columns[next], columns[name] + 1);
        }
        return columns;

        void Visit(string name)
        {
            if (done.Contains(name) || !open.Add(name))
                return;
            foreach (var next in calls[name])
            {
                if (open.Contains(next) && !done.Contains(next))
                    returns.Add((name, next));
                else
                    Visit(next);
            }
            done.Add(name);
        }
    }

    // In each column, by the mean row of the neighbours; then centred.
    private static Dictionary<string, (int Column, double Row)> Order(List<string> names, Dictionary<string, int> columns, IReadOnlyList<MapEdge> edges)
    {
        var near = edges.SelectMany(e => new[] { (e.From, e.To), (From: e.To, To: e.From) }).ToLookup(e => e.From, e => e.To);
        var rows = names.GroupBy(n => columns[n]).SelectMany(g => g.Select((n, i) => (n, Row: (double)i))).ToDictionary(p => p.n, p => p.Row, StringComparer.Ordinal);
        for (var sweep = 0; sweep < Sweeps; sweep++)
        {
            foreach (var column in names.GroupBy(n => columns[n]))
            {
                var sorted = column.OrderBy(n => near[n].Where(o => columns[o] != columns[n]).Select(o => rows[o]).DefaultIfEmpty(rows[n]).Average()).ToList();
                for (var i = 0; i < sorted.Count; i++)
                    rows[sorted[i]] = i - (sorted.Count - 1) / 2.0;
            }
        }
        var top = rows.Values.DefaultIfEmpty(0).Min();
        return names.ToDictionary(n => n, n => (columns[n], rows[n] - top), StringComparer.Ordinal);
    }
}
