// What the load engine itself costs: a scenario that does nothing, at a given rate, in CPU of one core.
// dotnet run --project tests/Local.NBomber.Benchmarks -c Release -- [rate] [seconds]
using System.Diagnostics;
using System.Globalization;
using NBomber.Contracts;
using NBomber.CSharp;

var rate = args.Length > 0 ? int.Parse(args[0], CultureInfo.InvariantCulture) : 20_000;
var time = TimeSpan.FromSeconds(args.Length > 1 ? int.Parse(args[1], CultureInfo.InvariantCulture) : 10);

using var process = Process.GetCurrentProcess();
var scenario = Scenario.Create("nothing", async context =>
    {
        await Step.Run("step", context, () => Task.FromResult(Response.Ok()));
        return Response.Ok();
    })
    .WithWarmUpDuration(TimeSpan.FromSeconds(3))
    .WithLoadSimulations(Simulation.Inject(rate, TimeSpan.FromSeconds(1), time));

var started = Stopwatch.GetTimestamp();
var cpuBefore = process.TotalProcessorTime;
var stats = NBomberRunner.RegisterScenarios(scenario).WithoutReports().DisplayConsoleMetrics(false).Run();
process.Refresh();
var cpu = process.TotalProcessorTime - cpuBefore;
var wall = Stopwatch.GetElapsedTime(started);
var step = stats.ScenarioStats[0].StepStats.Get("step");

Console.WriteLine($"asked for        {rate:N0} per second for {time.TotalSeconds:0} s = {rate * time.TotalSeconds:N0}");
Console.WriteLine($"started          {step.Ok.Request.Count:N0} (deviation {100.0 * step.Ok.Request.Count / (rate * time.TotalSeconds) - 100:0.00} %)");
Console.WriteLine($"start lag        p50 {step.Ok.Latency.Percent50} ms, p99 {step.Ok.Latency.Percent99} ms, max {step.Ok.Latency.MaxMs} ms");
Console.WriteLine($"CPU              {100 * cpu / wall:0.0} % of one core, warm-up included");
