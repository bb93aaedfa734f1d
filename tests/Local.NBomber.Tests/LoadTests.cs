using NBomber.Contracts;
using NBomber.Contracts.Stats;
using NBomber.CSharp;

namespace Local.NBomber.Tests;

public sealed class LoadTests
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    [Fact]
    public void An_open_model_starts_exactly_what_was_asked()
    {
        var stats = Run(Scenario.Create("ping", _ => Ok()).WithLoadSimulations(
            Simulation.RampingInject(1_000, Second, Second), Simulation.Inject(2_000, Second, Second)));
        Assert.InRange(stats.AllOkCount, 2_499, 2_501);
    }

    [Fact]
    public void Iterations_for_inject_stop_at_their_number()
    {
        var stats = Run(Scenario.Create("ping", _ => Ok()).WithLoadSimulations(Simulation.IterationsForInject(1_000, Second, 300)));
        Assert.Equal(300, stats.AllOkCount);
    }

    [Fact]
    public void Iterations_for_constant_are_shared_by_the_copies()
    {
        // Nobody's second iteration before everybody's first: a fast copy could do all of them alone.
        var all = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var copies = new HashSet<int>();
        var stats = Run(Scenario.Create("ping", async context =>
        {
            lock (copies)
            {
                if (copies.Add(context.ScenarioInfo.InstanceNumber) && copies.Count == 5) all.SetResult();
            }
            await all.Task.WaitAsync(TimeSpan.FromSeconds(30));
            return Response.Ok();
        }).WithLoadSimulations(Simulation.IterationsForConstant(5, 500)));
        Assert.Equal(500, stats.AllOkCount);
        Assert.Equal(5, copies.Count);
    }

    [Fact]
    public void A_stall_shows_in_every_iteration_that_was_due_meanwhile()
    {
        // The server answers nothing until 200 iterations have come: the first waited nearly the whole second, the last hardly.
        var gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var arrived = 0;
        var stats = Run(Scenario.Create("stall", context => Step.Run("call", context, async () =>
        {
            if (Interlocked.Increment(ref arrived) == 200) gate.SetResult();
            await gate.Task;
            return Response.Ok();
        }).As<IResponse>()).WithLoadSimulations(Simulation.Inject(200, Second, Second)));

        var latency = stats.StepStats.Get("call").Ok.Latency;
        Assert.Equal(200, stats.AllOkCount);
        Assert.InRange(latency.MaxMs, 985, double.MaxValue);
        Assert.InRange(latency.Percent50, 480, double.MaxValue);
        Assert.InRange(latency.Percent75, 730, double.MaxValue);
    }

    [Fact]
    public void A_failed_step_ends_the_iteration_and_is_counted_once()
    {
        var stats = Run(Scenario.Create("flow", async context =>
        {
            await Step.Run("first", context, () => Task.FromResult(Response.Fail(statusCode: "Conflict", message: "taken")));
            await Step.Run("second", context, () => Task.FromResult(Response.Ok()));
            return Response.Ok();
        }).WithLoadSimulations(Simulation.IterationsForConstant(1, 10)));

        Assert.Equal(10, stats.StepStats.Get("first").Fail.Request.Count);
        Assert.False(stats.StepStats.Exists("second"));
        Assert.Equal(("Conflict", 10), (stats.StepStats.Get("first").Fail.StatusCodes[0].StatusCode, stats.StepStats.Get("first").Fail.StatusCodes[0].Count));
    }

    [Fact]
    public void An_exception_is_a_failure_and_never_stops_the_test()
    {
        var stats = Run(Scenario.Create("boom", _ => throw new InvalidOperationException("boom"))
            .WithLoadSimulations(Simulation.IterationsForConstant(2, 20)));
        Assert.Equal(20, stats.AllFailCount);
        Assert.Equal("-101", stats.Fail.StatusCodes[0].StatusCode);
    }

    [Fact]
    public void Too_many_failures_stop_the_whole_test()
    {
        var stats = Run(Scenario.Create("boom", async _ =>
        {
            await Task.Delay(1);
            return Response.Fail();
        }).WithLoadSimulations(Simulation.KeepConstant(1, TimeSpan.FromMinutes(10))).WithMaxFailCount(10));
        Assert.InRange(stats.AllFailCount, 10, 100_000);
    }

    [Fact]
    public void Iteration_statistics_count_whole_bookings_when_asked_to()
    {
        var stats = Run(Scenario.Create("flow", async context =>
        {
            await Step.Run("one", context, () => Task.FromResult(Response.Ok()));
            await Step.Run("two", context, () => Task.FromResult(Response.Ok()));
            return Response.Ok();
        }).WithLoadSimulations(Simulation.IterationsForConstant(1, 10)).WithStatsBasedOnIterations(true));
        Assert.Equal(10, stats.AllOkCount);
        Assert.Equal(10, stats.StepStats.Get("two").Ok.Request.Count);
    }

    [Fact]
    public void Warm_up_is_run_and_not_measured()
    {
        var calls = 0;
        var warm = 0;
        var stats = Run(Scenario.Create("warm", async context =>
        {
            if (context.ScenarioInfo.ScenarioOperation == ScenarioOperation.WarmUp) Interlocked.Increment(ref warm);
            Interlocked.Increment(ref calls);
            await Task.Yield();
            return Response.Ok();
        }).WithLoadSimulations(Simulation.IterationsForConstant(1, 10)), TimeSpan.FromMilliseconds(50));
        Assert.True(warm > 0);
        Assert.Equal(calls - warm, stats.AllOkCount);
    }

    private static ScenarioStats Run(ScenarioProps scenario, TimeSpan? warmUp = null) => NBomberRunner
        .RegisterScenarios(warmUp is { } time ? scenario.WithWarmUpDuration(time) : scenario.WithoutWarmUp())
        .WithoutReports().DisplayConsoleMetrics(false).Run().ScenarioStats[0];

    private static Task<IResponse> Ok() => Task.FromResult<IResponse>(Response.Ok());
}

internal static class TaskCast
{
    public static async Task<T> As<T>(this Task<Response<object>> task) => (T)(object)await task;
}
