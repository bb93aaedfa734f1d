namespace LoadTests.Booking;

/// <summary>A signed-in customer; during a visit, with the trace that its requests belong to.</summary>
internal sealed record User(long Id, string Authorization, string? TraceParent = null)
{
    /// <summary>Who only looks around needs no sign-in.</summary>
    public static readonly User Nobody = new(0, "");
}
