namespace LoadTests.Books;

/// <summary>What is wrong, each kind with a few examples.</summary>
internal sealed class Findings
{
    private const int MostExamples = 5;

    private readonly List<string> lines = [];

    public void Add(string what, IEnumerable<string> found)
    {
        var all = found.ToArray();
        if (all.Length > 0) lines.Add($"{what} {string.Join(", ", all.Take(MostExamples))}{(all.Length > MostExamples ? $" … {all.Length} in all" : "")}");
    }

    public string[] ToArray() => [.. lines];
}
