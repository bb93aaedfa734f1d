using System.CommandLine;
using System.Globalization;

namespace LoadTests.Planning;

/// <summary><c>plan</c>: how much load a number of daily users means, and the command that makes it.</summary>
internal static class PlanCommand
{
    public static Command Create()
    {
        var users = PositiveNumber.Option("--dau", "daily users", 0L);
        users.Required = true;
        users.DefaultValueFactory = null;
        var visits = PositiveNumber.Option("--visits", "visits per user and day", 1.0);
        var peak = PositiveNumber.Option("--peak", "how many times busier the peak is than the average", 10.0);
        var requests = PositiveNumber.Option("--requests", "requests of one iteration", 7);
        var latency = PositiveNumber.Option("--latency-ms", "time of one request", 50.0);
        var wait = new Option<double>("--wait-ms") { Description = "time that one iteration waits besides", DefaultValueFactory = _ => 0 };

        var command = new Command("plan", "derive load targets from daily users") { users, visits, peak, requests, latency, wait };
        command.SetAction(parsed =>
        {
            var plan = new LoadPlan(
                parsed.GetValue(users), parsed.GetValue(visits), parsed.GetValue(peak), parsed.GetValue(requests),
                TimeSpan.FromMilliseconds(parsed.GetValue(latency)), TimeSpan.FromMilliseconds(parsed.GetValue(wait)));
            Console.Write(Describe(plan));
        });
        return command;
    }

    public static string Describe(LoadPlan plan) => string.Create(CultureInfo.InvariantCulture, $"""
        daily total   {plan.DailyTotal:N0}  ({plan.DailyUsers:N0} users × {plan.VisitsPerUser} visits)
        average rps   {plan.AverageRps:N1}  (÷ 86,400)
        peak rps      {plan.PeakRps:N1}  (× {plan.PeakFactor})
        T             {plan.IterationTime.TotalSeconds:0.###} s  ({plan.RequestsPerVisit} requests × {plan.RequestTime.TotalMilliseconds} ms + {plan.WaitTime.TotalMilliseconds} ms)
        users at average load   {plan.VirtualUsersFor(plan.AverageRps):N0}  (rps × T ÷ R)
        users at peak load      {plan.VirtualUsersFor(plan.PeakRps):N0}

        dotnet run --project LoadTests -c Release -- load --users {plan.VirtualUsersFor(plan.AverageRps)} --duration 60s
        dotnet run --project LoadTests -c Release -- load --users {plan.VirtualUsersFor(plan.PeakRps)} --duration 60s

        """);
}
