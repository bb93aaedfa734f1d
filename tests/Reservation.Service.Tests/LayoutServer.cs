using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;

namespace ReservationService.Tests;

/// <summary>
/// Stands for Concert.Service: a server of its own on a real port. Concert 1 has schedules 1 to 99 and schedule 100, which has begun;
/// concert 2 has schedules 101 to 199. Schedule s has the seats s*1000+1 to s*1000+150, each for 50,000.
/// </summary>
public sealed class LayoutServer : IAsyncDisposable
{
    public const long Price = 50_000;
    public const long BegunSchedule = 100;

    // One question is asked three times when nobody answers.
    private const int UnreadyFor = 3;

    private readonly WebApplication app;
    private TaskCompletionSource? concertsHeldBack;
    private readonly TaskCompletionSource rehearsed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int rehearsals;
    private int questions;
    private int concertQuestions;
    private int hanging;

    private LayoutServer(WebApplication app) => this.app = app;

    public string Address => app.Urls.First();

    /// <summary>When the question that no customer waits for was answered; those before found Concert not ready yet.</summary>
    public Task Rehearsed => rehearsed.Task;

    /// <summary>How often one schedule was asked for.</summary>
    public int Questions => Volatile.Read(ref questions);

    /// <summary>How often a whole concert was.</summary>
    public int ConcertQuestions => Volatile.Read(ref concertQuestions);

    /// <summary>The next question for one schedule gets no answer.</summary>
    public void HangOnce() => Volatile.Write(ref hanging, 1);

    /// <summary>From now on questions for whole concerts wait.</summary>
    public void HoldConcertsBack() => concertsHeldBack = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public void AnswerConcerts() => concertsHeldBack!.SetResult();

    public static long Seat(long schedule, int number) => schedule * 1_000 + number;

    public static async Task<LayoutServer> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var server = new LayoutServer(builder.Build());
        server.app.MapGet("/internal/schedules/{id:long}/layouts", server.AnswerAsync);
        await server.app.StartAsync();
        return server;
    }

    public ValueTask DisposeAsync() => app.DisposeAsync();

    private async Task<IResult> AnswerAsync(long id, bool? alone, CancellationToken ct)
    {
        if (id == 0) return Rehearse();
        Interlocked.Increment(ref (alone is true ? ref questions : ref concertQuestions));
        if (alone is true && Interlocked.Exchange(ref hanging, 0) == 1) await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, ct);
        if (id is < 1 or > 199) return Results.NotFound();
        var (concertId, schedules) = id <= BegunSchedule ? (1, Enumerable.Range(1, 100)) : (2, Enumerable.Range(101, 99));
        if (alone is true) return Results.Json(new { concertId, schedules = new[] { LayoutOf(id) } });
        if (concertsHeldBack is { } held) await held.Task.WaitAsync(ct);
        return Results.Json(new { concertId, schedules = schedules.Select(s => LayoutOf(s)) });
    }

    private IResult Rehearse()
    {
        if (Interlocked.Increment(ref rehearsals) <= UnreadyFor) return Results.StatusCode(StatusCodes.Status503ServiceUnavailable);
        rehearsed.TrySetResult();
        return Results.NotFound();
    }

    private static object LayoutOf(long schedule) => new
    {
        scheduleId = schedule,
        startsAt = schedule == BegunSchedule ? DateTimeOffset.UnixEpoch : new DateTimeOffset(2099, 1, 1, 0, 0, 0, TimeSpan.Zero),
        seats = new[] { new { first = Seat(schedule, 1), count = 100, price = Price }, new { first = Seat(schedule, 101), count = 50, price = Price } },
    };
}
