using System.Globalization;

namespace Local.Dashboard.Map;

/// <summary>
/// Four rows: who calls from outside, the services they call, topics and what only services call, stores. What a service uses stands below
/// it; topics stand between, so that lines to stores pass them.
/// </summary>
internal sealed class MapLayout
{
    internal const int NodeWidth = 164;
    internal const int NodeHeight = 46;
    private const int Step = 236;
    private const int RowStep = NodeHeight + 92;
    private const int Margin = 16;
    private const int WidestFan = 56;
    private const int Callers = 0, Services = 1, Between = 2, Stores = 3;

    private readonly Dictionary<string, (double Slot, int Row)> _places = new(StringComparer.Ordinal);
    private readonly double _left;

    internal MapLayout(ServiceMap map)
    {
        var near = map.Edges.SelectMany(e => new[] { (One: e.From, Other: e.To), (One: e.To, Other: e.From) }).ToLookup(e => e.One, e => e.Other);
        var rows = map.Nodes.ToLookup(n => RowOf(n, map), n => n.Name);
        // Those that share a topic or a call stand side by side.
        Fill(rows[Services].OrderByDescending(n => near[n].Count()).ThenBy(n => n, StringComparer.Ordinal), Services, _ => 0, first: 0);
        Fill(rows[Callers], Callers, Beside, first: 0);
        Fill(rows[Between], Between, Beside, first: 0.5);
        Fill(rows[Stores], Stores, Beside, first: 0);
        _left = _places.Values.Select(p => p.Slot).DefaultIfEmpty(0).Min();

        double Beside(string node) => near[node].Where(_places.ContainsKey).Select(n => _places[n].Slot).DefaultIfEmpty(0).Average();
    }

    internal int Width => (int)(2 * Margin + (_places.Values.Select(p => p.Slot).DefaultIfEmpty(0).Max() - _left) * Step + NodeWidth);

    internal int Height => 2 * Margin + _places.Values.Select(p => p.Row).DefaultIfEmpty(0).Max() * RowStep + NodeHeight;

    internal (double X, double Y) At(string node) => (Margin + (_places[node].Slot - _left) * Step, Margin + _places[node].Row * RowStep);

    internal string PathOf(MapEdge edge)
    {
        var (from, to) = Ends(edge);
        var bend = IsLevel(edge) ? -RowStep * 0.5 : (to.Y - from.Y) * 0.5;
        return $"M{N(from.X)} {N(from.Y)}C{N(from.X)} {N(from.Y + bend)} {N(to.X)} {N(IsLevel(edge) ? to.Y + bend : to.Y - bend)} {N(to.X)} {N(to.Y)}";
    }

    /// <summary>Where an edge says its numbers: below its caller, where lines to different places are apart.</summary>
    internal (double X, double Y) LabelOf(MapEdge edge)
    {
        var (from, to) = Ends(edge);
        if (IsLevel(edge))
            return ((from.X + to.X) / 2, from.Y - RowStep * 0.375 - 3);
        // Lines to stores are longer than the others, lines from topics go up: their numbers are at other heights.
        var t = Math.Abs(_places[edge.To].Row - _places[edge.From].Row) > 1 ? 0.06 : to.Y < from.Y ? 0.2 : 0.42;
        return (from.X + (to.X - from.X) * t * t * (3 - 2 * t), from.Y + (to.Y - from.Y) * (1.5 * t * (1 - t) + t * t * t) + 4);
    }

    internal static string N(double value) => value.ToString("0.#", CultureInfo.InvariantCulture);

    private static int RowOf(MapNode node, ServiceMap map) => node.Kind switch
    {
        MapNodeKind.Callers => Callers,
        MapNodeKind.Database => Stores,
        MapNodeKind.Topic or MapNodeKind.Outside => Between,
        _ => map.Edges.Any(e => e.To == node.Name && e.From == ServiceMap.Callers) || !map.Edges.Any(e => e.To == node.Name && map.Nodes.Any(n => n.Name == e.From && n.Kind == MapNodeKind.Service))
            ? Services
            : Between,
    };

    // Each at the free slot that is nearest to where it wants to be.
    private void Fill(IEnumerable<string> names, int row, Func<string, double> wish, double first)
    {
        var taken = new HashSet<double>();
        foreach (var (name, wanted) in names.Select(n => (n, Wanted: wish(n))).OrderBy(n => row == Services ? 0 : n.Wanted).ToList())
        {
            var nearest = Math.Round(wanted - first) + first;
            for (var distance = 0; ; distance++)
            {
                if (taken.Add(nearest + distance))
                    nearest += distance;
                else if (row != Services && taken.Add(nearest - distance))
                    nearest -= distance;
                else
                    continue;
                break;
            }
            _places[name] = (nearest, row);
        }
    }

    private bool IsLevel(MapEdge edge) => _places[edge.From].Row == _places[edge.To].Row;

    private ((double X, double Y) From, (double X, double Y) To) Ends(MapEdge edge)
    {
        var ((fromX, fromY), (toX, toY)) = (At(edge.From), At(edge.To));
        var lean = Math.Clamp((toX - fromX) * 0.22, -WidestFan, WidestFan);
        var (leaves, arrives) = (fromX + NodeWidth / 2.0 + lean, toX + NodeWidth / 2.0 - lean);
        return IsLevel(edge) ? ((leaves, fromY), (arrives, toY - 2))
            : toY > fromY ? ((leaves, fromY + NodeHeight), (arrives, toY - 2))
            : ((leaves, fromY), (arrives, toY + NodeHeight + 2));
    }
}
