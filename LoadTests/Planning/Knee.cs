namespace LoadTests.Planning;

/// <summary>Finds where more users stop bringing more throughput.</summary>
internal static class Knee
{
    /// <param name="Users">Virtual users at the knee.</param>
    /// <param name="PerSecond">Throughput there.</param>
    internal sealed record Point(double Users, double PerSecond);

    /// <summary>
    /// The point of the curve that lies farthest above the straight line between its first and last point, after both axes are scaled to 1 (the Kneedle rule).
    /// Null when the curve rises to the end: the knee was not reached.
    /// </summary>
    public static Point? Find(IReadOnlyList<Point> curve)
    {
        if (curve.Count < 3) return null;
        var (first, last) = (curve[0], curve[^1]);
        var width = last.Users - first.Users;
        var height = curve.Max(p => p.PerSecond) - first.PerSecond;
        if (width <= 0 || height <= 0) return null;

        var (best, distance) = (first, 0.0);
        foreach (var point in curve)
        {
            var above = (point.PerSecond - first.PerSecond) / height - (point.Users - first.Users) / width;
            if (above > distance) (best, distance) = (point, above);
        }
        // A straight line has noise, too; below a tenth of the height there is no knee to speak of.
        return distance > 0.1 ? best : null;
    }
}
