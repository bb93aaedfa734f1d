using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using QueueService.Domain;
using ServiceDefaults.Redis;
using ServiceDefaults.Tokens;
using StackExchange.Redis;
using Testing;

namespace QueueService.Tests;

/// <summary>A line of its own in a real Redis, on a clock that the test moves, as one replica serves it.</summary>
public sealed class LineUnderTest : IDisposable
{
    private static long _concerts = 1_000_000;

    private readonly IConnectionMultiplexer _redis;

    private LineUnderTest(IConnectionMultiplexer redis, ManualTime time, long concertId, LineOptions options)
    {
        (_redis, Time, ConcertId, Options) = (redis, time, concertId, options);
        var meters = new ServiceCollection().AddMetrics().BuildServiceProvider().GetRequiredService<IMeterFactory>();
        var gate = new RedisGate(
            redis, Microsoft.Extensions.Options.Options.Create(new RedisGateOptions { Timeout = TimeSpan.FromSeconds(10) }), TimeProvider.System, meters);
        Memory = new LineMemory(time);
        var scripts = new LineScripts(Microsoft.Extensions.Options.Options.Create(options), gate);
        Lines = new Lines(scripts, Memory, new QueueMetrics(meters, Memory, time), new Beat(TimeProvider.System), time);
    }

    public Lines Lines { get; }

    public LineMemory Memory { get; }

    public ManualTime Time { get; }

    public LineOptions Options { get; }

    public long ConcertId { get; }

    public static async Task<LineUnderTest> CreateAsync(string connectionString, LineOptions? options = null)
    {
        var redis = await ConnectionMultiplexer.ConnectAsync(connectionString);
        redis.PreserveAsyncOrder = false;
        return new LineUnderTest(redis, new ManualTime(), Interlocked.Increment(ref _concerts), options ?? new LineOptions());
    }

    /// <summary>A line with so many places, that admits as fast as there are places unless told otherwise.</summary>
    public static async Task<LineUnderTest> CreateAsync(Infrastructure stores, long places, double perSecond = 1_000_000)
    {
        var line = await CreateAsync((await stores.RedisAsync()).ConnectionString);
        await line.LimitAsync(places, perSecond);
        return line;
    }

    /// <summary>A line that has nothing to do with this one.</summary>
    public LineUnderTest AnotherLine() => new(_redis, new ManualTime(), Interlocked.Increment(ref _concerts), Options);

    /// <summary>Another replica that serves the same line, by the same clock.</summary>
    public LineUnderTest OtherReplica() => new(_redis, Time, ConcertId, Options);

    public Task<bool> LimitAsync(long places, double perSecond = 1_000_000, bool paused = false, DateTimeOffset? opensAt = null)
        => Lines.SetLimitsAsync(ConcertId, new LineLimits(places, perSecond, paused, opensAt, Seed: "5eed"), CancellationToken.None);

    public Task<Standing> JoinAsync(long userId) => Lines.IssueAsync(ConcertId, userId, CancellationToken.None);

    public async Task<List<QueueToken>> JoinAllAsync(int users)
    {
        var tokens = new List<QueueToken>();
        for (var user = 1; user <= users; user++)
            tokens.Add(Token(user, await JoinAsync(user)));
        return tokens;
    }

    public QueueToken Token(long userId, Standing standing) => new(userId, ConcertId, standing.Ticket, standing.Line.Epoch, standing.IssuedAt);

    public async Task<TicketStatus> CheckAsync(QueueToken token) => (await StandingAsync(token)).Status;

    public Task<Standing> StandingAsync(QueueToken token) => Lines.CheckAsync(token, CancellationToken.None);

    /// <summary>The position that a user would be shown.</summary>
    public async Task<long> PositionAsync(QueueToken token)
    {
        var standing = await StandingAsync(token);
        return standing.Line.PositionOf(token.Ticket, Memory.OrderOf(token));
    }

    public Task LeaveAsync(QueueToken token) => Lines.LeaveAsync(token, CancellationToken.None);

    public Task CompleteAsync(QueueToken token) => Lines.CompleteAsync(token.ConcertId, token.UserId, token.Ticket, CancellationToken.None);

    /// <summary>Lets the line move once more, after so long.</summary>
    public Task<LineView> StepAsync(TimeSpan? after = null)
    {
        Time.Advance(after ?? Options.StepEvery);
        return Lines.StepAsync(ConcertId, CancellationToken.None);
    }

    /// <summary>The users who are admitted, of those whose tokens these are.</summary>
    public async Task<IReadOnlyList<long>> AdmittedAsync(IEnumerable<QueueToken> tokens)
    {
        var admitted = new List<long>();
        foreach (var token in tokens)
        {
            if (await CheckAsync(token) == TicketStatus.Admitted)
                admitted.Add(token.UserId);
        }
        return admitted;
    }

    /// <summary>Redis loses this line, as in a failover to an empty replica; a second later it serves again.</summary>
    public Task LoseAsync()
    {
        Time.Advance(TimeSpan.FromSeconds(1));
        return _redis.GetDatabase().ScriptEvaluateAsync(
            "for _, key in ipairs(redis.call('KEYS', ARGV[1])) do redis.call('DEL', key) end", values: [$"{{line:{ConcertId}}}*"]);
    }

    /// <summary>Redis goes back to a state in which fewer tickets had been issued.</summary>
    public Task RollBackAsync(long tickets)
    {
        Time.Advance(TimeSpan.FromSeconds(1));
        return _redis.GetDatabase().HashDecrementAsync($"{{line:{ConcertId}}}", "issued", tickets);
    }

    /// <summary>Places that Redis still has in its memory, ended ones too.</summary>
    public Task<long> PlacesInMemoryAsync() => _redis.GetDatabase().SortedSetLengthAsync($"{{line:{ConcertId}}}:active");

    /// <summary>How long Redis will keep what it knows of the line and of its places, if nobody comes any more.</summary>
    public async Task<(TimeSpan? Line, TimeSpan? Places)> KeptForAsync()
    {
        var redis = _redis.GetDatabase();
        return (await redis.KeyTimeToLiveAsync($"{{line:{ConcertId}}}"), await redis.KeyTimeToLiveAsync($"{{line:{ConcertId}}}:active"));
    }

    /// <summary>As if nobody had used the line for nearly as long as it is kept.</summary>
    public async Task ShortenLifeAsync()
    {
        foreach (var key in new[] { "", ":active" })
            await _redis.GetDatabase().KeyExpireAsync($"{{line:{ConcertId}}}{key}", TimeSpan.FromMinutes(1));
    }

    public void Dispose() => _redis.Dispose();
}
