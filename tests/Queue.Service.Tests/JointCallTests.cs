using Testing;

namespace QueueService.Tests;

/// <summary>What is asked of one line while a call for it is under way goes together.</summary>
public sealed class JointCallTests
{
    private const long Line = 1;

    private readonly Queue<Call> _calls = new();
    private readonly List<Call> _underWay = [];
    private readonly ManualTime _time = new();
    private readonly JointCalls<int, string> _joint;

    public JointCallTests() => _joint = new("test", new Beat(_time), CallAsync);

    [Fact]
    public async Task Who_comes_alone_is_asked_for_at_once()
    {
        var first = _joint.RunAsync(Line, 1, CancellationToken.None);

        Assert.Equal([1], Answer());
        Assert.Equal("answer 1", await first);
        var second = _joint.RunAsync(Line, 2, CancellationToken.None);
        Assert.Equal([2], Answer());
        Assert.Equal("answer 2", await second);
    }

    [Fact]
    public async Task Who_comes_during_a_call_goes_in_the_next_in_the_order_of_coming_and_gets_an_answer_of_their_own()
    {
        var asked = Enumerable.Range(1, 5).Select(i => _joint.RunAsync(Line, i, CancellationToken.None)).ToArray();

        Assert.Equal([1], Answer());
        await asked[0];
        Assert.Equal([2, 3, 4, 5], await NextAsync());
        Assert.Equal(["answer 1", "answer 2", "answer 3", "answer 4", "answer 5"], await Task.WhenAll(asked));
        Assert.Empty(_calls);
    }

    [Fact]
    public async Task A_call_is_not_made_longer_than_Redis_should_be_held_up()
    {
        var asked = Enumerable.Range(1, 150).Select(i => _joint.RunAsync(Line, i, CancellationToken.None)).ToArray();

        Answer();
        Assert.Equal(64, (await NextAsync()).Count());
        Assert.Equal(64, (await NextAsync()).Count());
        Assert.Equal(21, (await NextAsync()).Count());
        await Task.WhenAll(asked);
    }

    [Fact]
    public void Lines_do_not_wait_for_each_other()
    {
        _ = _joint.RunAsync(1, 1, CancellationToken.None);
        _ = _joint.RunAsync(2, 2, CancellationToken.None);

        Assert.Equal([1, 2], _calls.Select(c => c.Line));
    }

    [Fact]
    public void Under_load_calls_for_all_lines_leave_together()
    {
        Load();

        _ = _joint.RunAsync(101, 1, CancellationToken.None);
        _ = _joint.RunAsync(102, 2, CancellationToken.None);
        _ = _joint.RunAsync(101, 3, CancellationToken.None);
        Assert.Empty(_calls);

        _time.Advance(Beat.Length);
        // One after the other, by the one who ended the beat.
        Assert.Equal([(101, Environment.CurrentManagedThreadId), (102, Environment.CurrentManagedThreadId)], _calls.Select(c => (c.Line, c.Thread)));
        Assert.Equal([[1, 3], [2]], _calls.Select(c => c.Asks));
    }

    [Fact]
    public async Task After_a_full_beat_comes_another_though_all_have_their_answers()
    {
        var first = Load();
        var second = Enumerable.Range(101, Beat.Crowd).Select(line => _joint.RunAsync(line, 1, CancellationToken.None)).ToArray();
        _time.Advance(Beat.Length);
        await AnswerAllAsync([.. first, .. second]);

        _ = _joint.RunAsync(201, 1, CancellationToken.None);
        Assert.Empty(_calls);
        _time.Advance(Beat.Length);
        Assert.Single(_calls);
    }

    [Fact]
    public async Task Who_comes_after_the_load_does_not_wait()
    {
        var load = Load();
        var last = _joint.RunAsync(101, 1, CancellationToken.None);
        _time.Advance(Beat.Length);
        await AnswerAllAsync([.. load, last]);

        _ = _joint.RunAsync(201, 1, CancellationToken.None);
        Assert.Single(_calls);
    }

    [Fact]
    public async Task Calls_that_follow_one_another_are_no_load_however_many()
    {
        for (long line = 1; line < 5 * Beat.Crowd; line++)
        {
            var asked = _joint.RunAsync(line, 1, CancellationToken.None);
            Assert.Equal([1], Answer());
            await asked;
        }
    }

    [Fact]
    public async Task A_call_that_fails_fails_for_its_callers_and_nobody_else()
    {
        var asked = Enumerable.Range(1, 3).Select(i => _joint.RunAsync(Line, i, CancellationToken.None)).ToArray();

        Answer();
        var (_, together, answer, _) = await CallToComeAsync();
        var late = _joint.RunAsync(Line, 4, CancellationToken.None);
        answer.SetException(new InvalidOperationException("no answer"));

        Assert.Equal([2, 3], together);
        await Assert.ThrowsAsync<InvalidOperationException>(() => asked[1]);
        await Assert.ThrowsAsync<InvalidOperationException>(() => asked[2]);
        Assert.Equal([4], await NextAsync());
        Assert.Equal("answer 4", await late);
    }

    [Fact]
    public async Task Who_hangs_up_takes_nobody_along()
    {
        using var hangUp = new CancellationTokenSource();
        var first = _joint.RunAsync(Line, 1, CancellationToken.None);
        var gone = _joint.RunAsync(Line, 2, hangUp.Token);
        var other = _joint.RunAsync(Line, 3, CancellationToken.None);

        await hangUp.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => gone);
        Answer();
        await first;
        Assert.Equal([2, 3], await NextAsync());
        Assert.Equal("answer 3", await other);
    }

    /// <summary>So many calls under way that the next one waits.</summary>
    private Task<string>[] Load()
    {
        var load = Enumerable.Range(1, Beat.Crowd).Select(line => _joint.RunAsync(line, 0, CancellationToken.None)).ToArray();
        _underWay.AddRange(_calls);
        _calls.Clear();
        return load;
    }

    private async Task AnswerAllAsync(Task<string>[] asked)
    {
        foreach (var call in _underWay.Concat(_calls))
            Answer(call);
        _underWay.Clear();
        _calls.Clear();
        await Task.WhenAll(asked);
    }

    private Task<string[]> CallAsync(long line, int[] asks)
    {
        var answer = new TaskCompletionSource<string[]>();
        lock (_calls)
            _calls.Enqueue(new(line, asks, answer, Environment.CurrentManagedThreadId));
        return answer.Task;
    }

    /// <summary>Answers the call that is under way, and says for whom it was.</summary>
    private int[] Answer() => Answer(_calls.Dequeue());

    private async Task<IEnumerable<int>> NextAsync() => Answer(await CallToComeAsync());

    private static int[] Answer(Call call)
    {
        call.Answer.SetResult(Array.ConvertAll(call.Asks, ask => $"answer {ask}"));
        return call.Asks;
    }

    private async Task<Call> CallToComeAsync()
    {
        while (true)
        {
            lock (_calls)
            {
                if (_calls.TryDequeue(out var call))
                    return call;
            }
            await Task.Yield();
            TestContext.Current.CancellationToken.ThrowIfCancellationRequested();
        }
    }

    private sealed record Call(long Line, int[] Asks, TaskCompletionSource<string[]> Answer, int Thread);
}
