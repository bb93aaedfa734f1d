namespace Local.Dashboard.Resources;

/// <summary>
/// Places what depends on something left of it, in as many columns as the longest chain is long, with few crossing lines
/// (after Sugiyama: columns by longest path, lines over several columns get a place in each, order by the mean of the neighbours).
/// </summary>
internal sealed class GraphLayout
{
    public const int NodeWidth = 160;
    public const int NodeHeight = 46;
    private const int ColumnStep = NodeWidth + 52;
    private const int RowStep = NodeHeight + 18;
    private const int BendStep = 22;
    private const int Margin = 12;
    private const int Sweeps = 12;

    private GraphLayout(IReadOnlyList<Node> nodes, IReadOnlyList<Edge> edges, int width, int height) =>
        (Nodes, Edges, Width, Height) = (nodes, edges, width, height);

    public IReadOnlyList<Node> Nodes { get; }

    public IReadOnlyList<Edge> Edges { get; }

    public int Width { get; }

    public int Height { get; }

    public static GraphLayout Of(IReadOnlyList<string> names, IEnumerable<(string From, string To)> dependencies)
    {
        var known = names.ToHashSet(StringComparer.Ordinal);
        var lines = dependencies.Where(d => d.From != d.To && known.Contains(d.From) && known.Contains(d.To)).Distinct().ToList();
        var depths = Depths(names, lines);
        var deepest = depths.Count == 0 ? 0 : depths.Values.Max();
        var columns = Enumerable.Range(0, deepest + 1).Select(_ => new List<Place>()).ToList();
        var places = names.ToDictionary(n => n, n => new Place(n, deepest - depths[n]), StringComparer.Ordinal);
        foreach (var place in places.Values)
            columns[place.Column].Add(place);
        var routes = lines.Select(l => Route(places[l.From], places[l.To], columns)).ToList();
        Order(columns);
        return Draw(columns, routes);
    }

    /// <summary>0 for what needs nothing; else one more than the deepest it needs. Circles are cut where they close.</summary>
    private static Dictionary<string, int> Depths(IReadOnlyList<string> names, List<(string From, string To)> lines)
    {
        var needs = lines.ToLookup(l => l.From, l => l.To);
        var depths = new Dictionary<string, int>(StringComparer.Ordinal);
        var open = new HashSet<string>(StringComparer.Ordinal);
        foreach (var name in names)
            Depth(name);
        return depths;

        int Depth(string name)
        {
            if (depths.TryGetValue(name, out var known))
                return known;
            if (!open.Add(name))
                return -1;
            var depth = needs[name].Select(Depth).DefaultIfEmpty(-1).Max() + 1;
            open.Remove(name);
            return depths[name] = depth;
        }
    }

    private static List<Place> Route(Place from, Place to, List<List<Place>> columns)
    {
        var route = new List<Place> { from };
        for (var column = from.Column + 1; column < to.Column; column++)
        {
            var bend = new Place(null, column);
            columns[column].Add(bend);
            route.Add(bend);
        }
        route.Add(to);
        for (var i = 1; i < route.Count; i++)
        {
            route[i - 1].Right.Add(route[i]);
            route[i].Left.Add(route[i - 1]);
        }
        return route;
    }

    private static void Order(List<List<Place>> columns)
    {
        foreach (var column in columns)
            Settle(column);
        for (var sweep = 0; sweep < Sweeps; sweep++)
        {
            var rightwards = sweep % 2 == 0;
            foreach (var column in rightwards ? columns : Enumerable.Reverse(columns))
            {
                foreach (var place in column)
                    place.Wish = (rightwards ? place.Left : place.Right) is { Count: > 0 } near ? near.Average(p => p.Middle) : place.Middle;
                var sorted = column.OrderBy(p => p.Wish).ToList();
                column.Clear();
                column.AddRange(sorted);
                Settle(column);
            }
        }
    }

    /// <summary>One below the other, centred, so that columns of different length compare.</summary>
    private static void Settle(List<Place> column)
    {
        var y = -column.Sum(p => p.Step) / 2.0;
        foreach (var place in column)
        {
            place.Middle = y + place.Step / 2.0;
            y += place.Step;
        }
    }

    private static GraphLayout Draw(List<List<Place>> columns, List<List<Place>> routes)
    {
        var all = columns.SelectMany(c => c).ToList();
        var height = columns.Select(c => c.Sum(p => p.Step)).DefaultIfEmpty(RowStep).Max() + 2 * Margin;
        int X(Place p) => Margin + p.Column * ColumnStep;
        int Y(Place p) => (int)(height / 2.0 + p.Middle);
        var nodes = all.Where(p => p.Name is not null).Select(p => new Node(p.Name!, X(p), Y(p) - NodeHeight / 2)).ToList();
        var edges = routes.Select(r => new Edge(r[0].Name!, r[^1].Name!, Path(r))).ToList();
        return new GraphLayout(nodes, edges, 2 * Margin + (columns.Count - 1) * ColumnStep + NodeWidth, height);

        string Path(List<Place> route)
        {
            var path = $"M{X(route[0]) + NodeWidth} {Y(route[0])}";
            for (var i = 1; i < route.Count; i++)
            {
                var (fromX, fromY, x, y) = (X(route[i - 1]) + NodeWidth, Y(route[i - 1]), X(route[i]), Y(route[i]));
                var half = (x - fromX) / 2;
                path += $" C{fromX + half} {fromY} {x - half} {y} {x} {y}";
                if (i < route.Count - 1)
                    path += $" H{x + NodeWidth}";
            }
            return path;
        }
    }

    public sealed record Node(string Name, int X, int Y);

    public sealed record Edge(string From, string To, string Path);

    /// <summary>A node, or where a line passes a column.</summary>
    private sealed class Place(string? name, int column)
    {
        public string? Name { get; } = name;

        public int Column { get; } = column;

        public List<Place> Left { get; } = [];

        public List<Place> Right { get; } = [];

        public double Wish { get; set; }

        public double Middle { get; set; }

        public int Step => Name is null ? BendStep : RowStep;
    }
}
