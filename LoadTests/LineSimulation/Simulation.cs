using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using QueueService;
using QueueService.Domain;
using ServiceDefaults.Tokens;

namespace LoadTests.LineSimulation;

/// <summary>Everybody takes a ticket; some of those who wait ask how they stand; then the line is served to its end.</summary>
internal sealed class Simulation(Lines lines, RedisProcess redis, SimulatedClock clock, SimulationSize size)
{
    private const long Concert = 1;
    private const int Samples = 50_000;
    private static readonly TimeSpan StepEvery = TimeSpan.FromMilliseconds(100);

    // Tickets are numbered without gaps, so a ticket's place in the array is its place in line.
    private readonly QueueToken[] _tokens = new QueueToken[size.Tickets];
    private long _first;

    /// <summary>True when everybody was served, in turn and once.</summary>
    public async Task<bool> RunAsync(Action<string> say, CancellationToken ct)
    {
        await lines.SetLimitsAsync(Concert, new LineLimits(MaxActive: size.Tickets, size.AdmitPerSecond, Paused: true, OpensAt: null), ct);
        var opened = await lines.IssueAsync(Concert, userId: 0, ct);
        await lines.LeaveAsync(new QueueToken(0, Concert, opened.Ticket, opened.Line.Epoch, opened.IssuedAt), ct);
        _first = opened.Ticket + 1;

        await SampleAsync("looks at the empty line", Math.Min(size.Tickets, Samples), _ => lines.StepAsync(Concert, ct), say, ct);
        var before = await redis.UsedMemoryAsync();
        await SampleAsync("tickets issued", size.Tickets, IssueAsync, say, ct);
        var bytes = (await redis.UsedMemoryAsync() - before) / (double)size.Tickets;
        say(string.Create(CultureInfo.InvariantCulture, $"{"memory of Redis",-34} {bytes:N0} bytes a ticket"));

        // Strides through the whole line, so that every depth is asked.
        const long stride = 7_919;
        var wrong = 0;
        await SampleAsync("asked while all wait", Math.Min(size.Tickets, Samples), async i =>
        {
            var standing = await lines.CheckAsync(_tokens[i * stride % size.Tickets], ct);
            if (standing.Status != TicketStatus.Waiting || standing.Line.PositionOf(standing.Ticket, 0) != standing.Ticket - standing.Line.Serving)
                Interlocked.Increment(ref wrong);
        }, say, ct);

        var served = await ServeAsync(say, ct);
        var end = await lines.StepAsync(Concert, ct);
        say($"at the end: {served:N0} served, {end.Waiting:N0} waiting, {end.Active:N0} places taken, {wrong:N0} out of turn");
        return served == size.Tickets && wrong == 0 && end is { Waiting: 0, Active: 0 };

        async Task IssueAsync(int user)
        {
            var standing = await lines.IssueAsync(Concert, user + 1, ct);
            _tokens[standing.Ticket - _first] = new QueueToken(user + 1, Concert, standing.Ticket, standing.Line.Epoch, standing.IssuedAt);
        }

        // Each step calls the next turns; whoever is called claims the place and books at once.
        async Task<long> ServeAsync(Action<string> report, CancellationToken cancel)
        {
            await lines.SetLimitsAsync(Concert, new LineLimits(MaxActive: size.Tickets, size.AdmitPerSecond, Paused: false, OpensAt: null), cancel);
            long called = _first - 1, count = 0;
            var steps = 0;
            var (started, cpu) = (Stopwatch.GetTimestamp(), redis.CpuSeconds);
            while (called < _first + size.Tickets - 1)
            {
                clock.Advance(StepEvery);
                var view = await lines.StepAsync(Concert, cancel);
                steps++;
                if (view.Serving == called)
                    throw new InvalidOperationException($"The line stands still at {called}.");
                await EachAsync((int)(view.Serving - called), async i =>
                {
                    var token = _tokens[called + 1 + i - _first];
                    if ((await lines.CheckAsync(token, cancel)).Status == TicketStatus.Admitted)
                        Interlocked.Increment(ref count);
                    await lines.CompleteAsync(Concert, token.UserId, token.Ticket, cancel);
                }, cancel);
                // Whoever comes after the last one called is not served yet.
                if (view.Serving < _first + size.Tickets - 1 && (await lines.CheckAsync(_tokens[view.Serving + 1 - _first], cancel)).Status != TicketStatus.Waiting)
                    Interlocked.Increment(ref wrong);
                called = view.Serving;
            }
            Report(report, "served: claimed and booked", size.Tickets, Stopwatch.GetElapsedTime(started), redis.CpuSeconds - cpu, latencies: null);
            report(string.Create(CultureInfo.InvariantCulture, $"{"simulated time",-34} {steps * StepEvery.TotalSeconds:N0} s in {steps:N0} steps"));
            return count;
        }
    }

    private async Task SampleAsync(string what, int count, Func<int, Task> ask, Action<string> say, CancellationToken ct)
    {
        var latencies = new ConcurrentBag<double>();
        var (started, cpu) = (Stopwatch.GetTimestamp(), redis.CpuSeconds);
        await EachAsync(count, async i =>
        {
            var begun = Stopwatch.GetTimestamp();
            await ask(i);
            if (i % 16 == 0)
                latencies.Add(Stopwatch.GetElapsedTime(begun).TotalMilliseconds);
        }, ct);
        Report(say, what, count, Stopwatch.GetElapsedTime(started), redis.CpuSeconds - cpu, latencies.Order().ToList());
    }

    private Task EachAsync(int count, Func<int, Task> work, CancellationToken ct) => Parallel.ForEachAsync(
        Enumerable.Range(0, count), new ParallelOptions { MaxDegreeOfParallelism = size.Callers, CancellationToken = ct }, async (i, _) => await work(i));

    private static void Report(Action<string> say, string what, int count, TimeSpan took, double cpuSeconds, List<double>? latencies)
    {
        var spread = latencies is { Count: > 0 } ? $", p50 {At(0.5):0.00} ms, p99 {At(0.99):0.00} ms" : "";
        say(string.Create(CultureInfo.InvariantCulture,
            $"{what,-34} {count:N0} in {took.TotalSeconds:0.0} s: {count / took.TotalSeconds:N0}/s, {cpuSeconds * 1e6 / count:0.0} µs of Redis each{spread}"));

        double At(double share) => latencies![(int)(share * (latencies.Count - 1))];
    }
}
