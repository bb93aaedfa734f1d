using Contracts;
using LoadTests.Booking;

namespace LoadTests.Drills;

/// <summary>The running system as a drill gets at it, and how long the fault is to last.</summary>
internal sealed record FaultSite(RunningParts Parts, SystemUnderTest System, SteadyLoad Load, TimeSpan Length, TimeProvider Time, CancellationToken Cancel)
{
    public Stores Stores => System.Stores!;

    public Uri PrimaryGateway => Parts.Now.UrlOf(ResourceNames.PrimaryGateway)!;

    public Task LastAsync(TimeSpan atLeast = default) => Task.Delay(Length > atLeast ? Length : atLeast, Time, Cancel);

    /// <summary>For faults that go on by themselves until they are told to end.</summary>
    public async Task WhileAsync(Func<CancellationToken, Task> fault)
    {
        using var over = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        over.CancelAfter(Length);
        await fault(over.Token);
        Cancel.ThrowIfCancellationRequested();
    }
}
