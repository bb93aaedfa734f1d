namespace LoadTests.Idle;

/// <summary>One thing that a customer waits for, with what its median may be.</summary>
internal sealed class Wait(string name, double targetMs)
{
    private readonly List<double> milliseconds = [];

    public string Name => name;

    public double TargetMs => targetMs;

    public bool IsMet => At(0.50) <= targetMs;

    public void Add(TimeSpan took) => milliseconds.Add(took.TotalMilliseconds);

    /// <summary>What so large a share of them took at most.</summary>
    public double At(double share)
    {
        var sorted = milliseconds.Order().ToArray();
        return sorted[(int)Math.Ceiling(share * sorted.Length) - 1];
    }
}
