using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using ServiceDefaults.Redis;
using StackExchange.Redis;
using Testing;
using Xunit;

namespace ServiceDefaults.Tests;

public sealed class RedisGateTests(Infrastructure infrastructure) : IAsyncLifetime
{
    private readonly ManualTime _time = new();
    private readonly RedisGateOptions _options = new() { FailuresToClose = 3 };
    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().BuildServiceProvider();
    private ConnectionMultiplexer _redis = null!;
    private RedisGate _gate = null!;
    private int _calls;

    public async ValueTask InitializeAsync()
    {
        _redis = await ConnectionMultiplexer.ConnectAsync((await infrastructure.RedisAsync()).ConnectionString);
        _redis.PreserveAsyncOrder = false;
        _gate = new RedisGate(_redis, Options.Create(_options), _time, _services.GetRequiredService<IMeterFactory>());
    }

    public async ValueTask DisposeAsync()
    {
        await _redis.CloseAsync();
        await _services.DisposeAsync();
    }

    [Fact]
    public async Task An_answer_comes_through()
        => Assert.True(await _gate.RunAsync(db => db.StringSetAsync("gate", 1), CancellationToken.None));

    [Fact]
    public async Task A_call_that_is_never_answered_is_given_up()
    {
        var call = _gate.RunAsync(_ => new TaskCompletionSource<int>().Task, CancellationToken.None);
        _time.Advance(_options.Timeout);
        await Assert.ThrowsAsync<RedisUnavailableException>(() => call);
    }

    [Fact]
    public async Task A_caller_that_leaves_is_no_failure_of_redis()
    {
        using var gone = new CancellationTokenSource();
        var call = _gate.RunAsync(_ => new TaskCompletionSource<int>().Task, gone.Token);
        await gone.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
        Assert.True(_gate.IsAvailable);
    }

    [Fact]
    public async Task After_failures_in_a_row_calls_fail_at_once_until_one_probe_succeeds()
    {
        for (var i = 0; i < _options.FailuresToClose; i++)
            await FailAsync();
        Assert.False(_gate.IsAvailable);
        await FailAsync();
        Assert.Equal(_options.FailuresToClose, _calls);

        _time.Advance(_options.ClosedFor);
        // One goes through and fails: closed again.
        await FailAsync();
        await FailAsync();
        Assert.Equal(_options.FailuresToClose + 1, _calls);

        _time.Advance(_options.ClosedFor);
        Assert.Equal(7, await _gate.RunAsync(_ => Task.FromResult(7), CancellationToken.None));
        Assert.True(_gate.IsAvailable);
    }

    [Fact]
    public async Task A_probe_counts_also_when_its_caller_has_left()
    {
        for (var i = 0; i < _options.FailuresToClose; i++)
            await FailAsync();
        _time.Advance(_options.ClosedFor);
        using var gone = new CancellationTokenSource();
        var answer = new TaskCompletionSource<int>();
        var probe = _gate.RunAsync(_ => answer.Task, gone.Token);
        await gone.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => probe);
        Assert.False(_gate.IsAvailable);

        answer.SetResult(7);
        await OpensAsync();
    }

    [Fact]
    public async Task Callers_that_stop_at_the_first_refusal_find_back()
    {
        for (var i = 0; i < _options.FailuresToClose; i++)
            await FailAsync();
        _time.Advance(_options.ClosedFor);
        var answer = new TaskCompletionSource<int>();
        await Assert.ThrowsAsync<RedisUnavailableException>(() => StepAsync(answer.Task));
        answer.SetResult(7);
        await OpensAsync();
        await StepAsync(answer.Task);

        // As a line's ticker and consumers without a database do it.
        Task StepAsync(Task<int> redis) => Parallel.ForEachAsync(
            Enumerable.Range(0, 8), new ParallelOptions { MaxDegreeOfParallelism = 8 },
            async (_, stop) => await _gate.RunAsync(_ => redis, stop));
    }

    [Fact]
    public async Task A_success_in_between_starts_the_count_anew()
    {
        for (var i = 0; i < 4 * _options.FailuresToClose; i++)
        {
            if (i % _options.FailuresToClose == 0)
                await _gate.RunAsync(_ => Task.FromResult(0), CancellationToken.None);
            else
                await FailAsync();
        }
        Assert.True(_gate.IsAvailable);
    }

    [Fact]
    public async Task An_error_of_ours_is_not_an_outage()
    {
        for (var i = 0; i < 2 * _options.FailuresToClose; i++)
            await Assert.ThrowsAsync<RedisServerException>(() => _gate.RunAsync(db => db.ScriptEvaluateAsync("not lua"), CancellationToken.None));
        Assert.True(_gate.IsAvailable);
    }

    private async Task OpensAsync()
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (!_gate.IsAvailable)
        {
            patience.Token.ThrowIfCancellationRequested();
            await Task.Yield();
        }
    }

    private async Task FailAsync()
        => await Assert.ThrowsAsync<RedisUnavailableException>(() => _gate.RunAsync<int>(
            _ =>
            {
                _calls++;
                throw new TimeoutException();
            },
            CancellationToken.None));
}
