namespace Local.Dashboard.Metrics;

/// <summary>Where an axis ends: at a round number that can be cut in four.</summary>
internal static class Axis
{
    private static readonly double[] Round = [1, 2, 4, 6, 8, 10];

    internal static double Top(double highest)
    {
        if (highest <= 0 || !double.IsFinite(highest))
            return 1;
        var power = Math.Pow(10, Math.Floor(Math.Log10(highest)));
        return Array.Find(Round, r => r * power >= highest * 0.999) * power;
    }
}
