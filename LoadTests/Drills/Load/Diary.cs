namespace LoadTests.Drills;

/// <summary>Everything that the customers of a run saw, with the time of day, so that it can be laid beside the fault and the alerts.</summary>
internal sealed class Diary
{
    private readonly Lock gate = new();
    private readonly List<Call> calls = [];
    private readonly List<Visit> visits = [];

    public IReadOnlyList<Call> Calls
    {
        get { lock (gate) return [.. calls]; }
    }

    public IReadOnlyList<Visit> Visits
    {
        get { lock (gate) return [.. visits]; }
    }

    public void Add(Call call)
    {
        lock (gate) calls.Add(call);
    }

    public void Add(Visit visit)
    {
        lock (gate) visits.Add(visit);
    }
}
