using LoadTests.Booking;
using LoadTests.Scenarios;

namespace LoadTests.Drills;

/// <summary>
/// Customers who come at a steady rate whatever the system does, as people do: a system that slows down must not get less to do.
/// The rate may be changed while it runs.
/// </summary>
internal sealed class SteadyLoad : IAsyncDisposable
{
    private const int CardEvery = 3;
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan FinishWithin = TimeSpan.FromSeconds(45);

    private readonly CancellationTokenSource stop = new();
    private readonly CancellationTokenSource abandon = new();
    private readonly Visitor visitor;
    private readonly Crowd crowd;
    private readonly DataSet data;
    private readonly TimeProvider time;
    private readonly Task arriving;
    private double perSecond;

    public SteadyLoad(BookingApi api, Crowd crowd, DataSet data, double perSecond, TimeProvider time)
    {
        (this.crowd, this.data, this.time, this.perSecond) = (crowd, data, time, perSecond);
        visitor = new Visitor(api, Diary, time);
        arriving = Task.Run(ArriveAsync);
    }

    public Diary Diary { get; } = new();

    public double PerSecond
    {
        get => Volatile.Read(ref perSecond);
        set => Volatile.Write(ref perSecond, value);
    }

    public User NextUser() => crowd.Next();

    /// <summary>One more customer, who pays with points.</summary>
    public Task BringAsync(User user) => ComeAsync(user, card: null);

    /// <summary>Nobody comes any more; who is there finishes.</summary>
    public async Task StopAsync()
    {
        await stop.CancelAsync();
        abandon.CancelAfter(FinishWithin);
        await arriving;
    }

    public async ValueTask DisposeAsync()
    {
        await abandon.CancelAsync();
        await StopAsync();
        stop.Dispose();
        abandon.Dispose();
    }

    private Task ComeAsync(User user, CardDetails? card) => visitor.BookAsync(user, crowd.NextConcert(user, data.Concerts), card, abandon.Token);

    private async Task ArriveAsync()
    {
        var visits = new HashSet<Task>();
        var due = 0.0;
        var last = time.GetTimestamp();
        for (var arrived = 0; !stop.IsCancellationRequested;)
        {
            await Task.Delay(Tick, time, stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            var now = time.GetTimestamp();
            for (due += PerSecond * time.GetElapsedTime(last, now).TotalSeconds; due >= 1; due--)
                visits.Add(ComeAsync(crowd.Next(), arrived++ % CardEvery == 0 ? Cards.Good : null));
            last = now;
            visits.RemoveWhere(v => v.IsCompletedSuccessfully);
        }
        await Task.WhenAll(visits);
    }
}
