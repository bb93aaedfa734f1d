using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Testing;
using Xunit;

namespace ConcertService.Tests;

public sealed class ResponseCacheTests : IDisposable
{
    private static readonly NpgsqlException Away = new("away", new TimeoutException());

    private readonly ManualTime _time = new();
    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().BuildServiceProvider();
    private readonly ConcurrentQueue<string> _built = new();
    private Func<string, Task<Item?>> _build = key => Task.FromResult<Item?>(new(key, 100));
    private bool _isFresh = true;

    [Fact]
    public async Task A_value_is_built_once_for_all_who_ask_at_the_same_moment()
    {
        var gate = new TaskCompletionSource();
        _build = async key =>
        {
            await gate.Task;
            return new(key, 100);
        };
        using var cache = Cache();

        var asked = Enumerable.Range(0, 500).Select(_ => cache.GetAsync("a", default).AsTask()).ToArray();
        gate.SetResult();
        var values = await Task.WhenAll(asked);
        await cache.GetAsync("a", default);

        Assert.Single(_built);
        Assert.Single(values.Distinct());
    }

    [Fact]
    public async Task One_who_gives_up_does_not_spoil_it_for_the_others()
    {
        var gate = new TaskCompletionSource();
        _build = async key =>
        {
            await gate.Task;
            return new(key, 100);
        };
        using var cache = Cache();
        using var impatient = new CancellationTokenSource();

        var first = cache.GetAsync("a", impatient.Token).AsTask();
        var second = cache.GetAsync("a", default).AsTask();
        await impatient.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);
        gate.SetResult();

        Assert.NotNull(await second);
        Assert.Single(_built);
    }

    [Fact]
    public async Task A_change_during_the_building_is_not_lost()
    {
        var gate = new TaskCompletionSource();
        _build = async key =>
        {
            await gate.Task;
            return new("built", 100);
        };
        using var cache = Cache();

        var asked = cache.GetAsync("a", default).AsTask();
        await UntilAsync(() => !_built.IsEmpty);
        cache.Change("a", item => item with { Name = item.Name + " and changed" });
        gate.SetResult();

        Assert.Equal("built and changed", (await asked)!.Name);
        Assert.Equal("built and changed", (await cache.GetAsync("a", default))!.Name);
    }

    [Fact]
    public async Task A_value_that_cannot_follow_a_change_is_built_again_when_asked_for()
    {
        using var cache = Cache();
        await cache.GetAsync("a", default);

        cache.Change("a", _ => null);
        cache.Change("never asked for", _ => null);
        Assert.Single(_built);
        await cache.GetAsync("a", default);
        await cache.GetAsync("a", default);

        Assert.Equal(["a", "a"], _built);
    }

    [Fact]
    public async Task What_does_not_exist_is_not_kept()
    {
        _build = _ => Task.FromResult<Item?>(null);
        using var cache = Cache();

        Assert.Null(await cache.GetAsync("a", default));
        Assert.Null(await cache.GetAsync("a", default));

        Assert.Equal(2, _built.Count);
        Assert.Equal(0, cache.MemoryBytes);
    }

    [Fact]
    public async Task The_budget_holds_and_those_not_asked_for_longest_go_first()
    {
        using var cache = Cache(budget: 1000);
        for (var i = 0; i < 50; i++)
        {
            _time.Advance(TimeSpan.FromSeconds(1));
            await cache.GetAsync("favourite", default);
            await cache.GetAsync($"{i}", default);
            Assert.InRange(cache.MemoryBytes, 100, 1000);
        }

        _built.Clear();
        await cache.GetAsync("favourite", default);
        await cache.GetAsync("49", default);
        Assert.Empty(_built);
        await cache.GetAsync("30", default);
        Assert.Equal(["30"], _built);
    }

    [Fact]
    public async Task With_the_database_away_an_older_value_is_better_than_none()
    {
        using var cache = Cache();
        await cache.GetAsync("a", default);
        _isFresh = false;
        _build = _ => throw Away;

        Assert.NotNull(await cache.GetAsync("a", default));
        await Assert.ThrowsAsync<TimeoutException>(async () => await cache.GetAsync("b", default));
    }

    [Fact]
    public async Task A_database_that_was_away_is_left_alone_for_a_second()
    {
        using var cache = Cache();
        _build = _ => throw Away;
        await Assert.ThrowsAsync<NpgsqlException>(async () => await cache.GetAsync("a", default));
        await Assert.ThrowsAsync<TimeoutException>(async () => await cache.GetAsync("b", default));
        Assert.Equal(["a"], _built);

        _time.Advance(TimeSpan.FromSeconds(1));
        _build = key => Task.FromResult<Item?>(new(key, 100));

        Assert.NotNull(await cache.GetAsync("b", default));
    }

    public void Dispose() => _services.Dispose();

    private ResponseCache<string, Item> Cache(long budget = 10_000) => new(
        "test",
        budget,
        (key, _, _) =>
        {
            _built.Enqueue(key);
            return _build(key);
        },
        _ => _isFresh,
        new DatabaseBreaker(_time),
        new CacheMetrics(_services.GetRequiredService<IMeterFactory>()),
        _time);

    private static async Task UntilAsync(Func<bool> condition)
    {
        while (!condition())
            await Task.Delay(1);
    }

    private sealed record Item(string Name, int MemoryBytes) : ICached
    {
        public Reading Reading => default;
    }
}
