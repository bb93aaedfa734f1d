namespace LoadTests.Drills;

/// <summary>The few lines that a person reads first.</summary>
internal static class DrillVerdict
{
    public static string Describe(Outcome outcome, string report) => string.Join('\n', (IEnumerable<string>)
    [
        $"  {Text.Of(outcome.Severity)}: {outcome.Impact.Failed} of {outcome.Impact.Requests} requests failed, {outcome.Impact.Slowed} slowed, {outcome.Impact.Lost} bookings lost",
        $"  detected after {Text.Of(outcome.Course.Mttd, outcome.Watched)}, good again {Text.Of(outcome.Course.Recovery)} after the fault's end",
        .. outcome.Findings.Where(f => !f.Holds).Select(f => $"  FALSE: {f.Expected}: {f.Measured}"),
        outcome.Passed ? "  hypothesis held" : "  hypothesis was false",
        $"  report: {report}",
    ]);
}
