using System.CommandLine;
using LoadTests.Booking;
using LoadTests.Profiles;

namespace LoadTests.Drills;

/// <summary><c>drill</c>: breaks the running system on purpose; exit code 1 when a hypothesis was false.</summary>
internal static class DrillCommand
{
    private const int Passed = 0;
    private const int Failed = 1;
    private const int Customers = 2_000;
    private static readonly TimeSpan QuietWithin = TimeSpan.FromSeconds(120);

    public static Command Create()
    {
        var name = new Argument<string>("name") { Description = $"{string.Join(", ", AllDrills.List.Select(d => d.Name))}, or all" };
        name.Validators.Add(result => { if (AllDrills.Find(result.GetValueOrDefault<string>() ?? "").Length == 0) result.AddError($"There is no drill '{result.GetValueOrDefault<string>()}'."); });
        var baseline = Length("--baseline", "load before the fault", 15);
        var fault = Length("--fault", "how long the fault lasts", 20);
        var recovery = Length("--recovery", "how long to wait at most until it is good again", 60);
        var rate = PositiveNumber.Option("--rate", "visitors a second", 10.0);
        var reports = new Option<DirectoryInfo>("--report") { Description = "folder for the incident reports", DefaultValueFactory = _ => new DirectoryInfo("docs/incidents/reports") };
        var system = new SystemOptions();
        var command = new Command("drill", "break the running system on purpose, and see whether it behaves as expected") { name, baseline, fault, recovery, rate, reports };
        system.AddTo(command);
        command.SetAction((parsed, cancel) => RunAsync(
            AllDrills.Find(parsed.GetValue(name)!), system.StateOf(parsed),
            new DrillRun.Lengths(parsed.GetValue(baseline), parsed.GetValue(fault), parsed.GetValue(recovery), parsed.GetValue(rate)), parsed.GetValue(reports)!, cancel));
        return command;
    }

    private static async Task<int> RunAsync(Drill[] drills, string? state, DrillRun.Lengths lengths, DirectoryInfo reports, CancellationToken cancel)
    {
        var time = TimeProvider.System;
        var parts = new RunningParts(state, time);
        if (SystemUnderTest.From(parts.Now) is not { Stores: not null } system || await Readiness.FirstMissingAsync(system, cancel) is not null)
        {
            await Console.Error.WriteLineAsync("The system is not running on this machine. Start it with: dotnet run --project AppHost -- --monitoring");
            return Failed;
        }
        using var api = new BookingApi(system);
        var data = await Catalogue.DiscoverAsync(api, cancel);
        var crowd = await CrowdAsync(api, data, cancel);
        var run = new DrillRun(parts, api, crowd, data, lengths, time);
        var alerts = AlertRecord.Of(parts);
        if (alerts is null) Console.WriteLine("Nobody watches the system: detection is not measured (start the AppHost with --monitoring).");

        var outcomes = new List<Outcome>();
        foreach (var drill in drills)
        {
            if (alerts is not null) await QuietAsync(alerts, time, cancel);
            Console.WriteLine($"\n{drill.Name}: {drill.Fault}\n  hypothesis: {drill.Hypothesis}");
            var outcome = await run.RunAsync(drill, cancel);
            var report = IncidentReport.Write(reports.FullName, outcome);
            Console.WriteLine(DrillVerdict.Describe(outcome, report));
            outcomes.Add(outcome);
            if (drills.Length > 1) DrillSummary.Write(reports.FullName, outcomes);
        }
        var failed = outcomes.Where(o => !o.Passed).Select(o => o.Drill.Name).ToArray();
        Console.WriteLine(failed.Length == 0 ? $"\n{drills.Length} drills, every hypothesis held" : $"\n{drills.Length} drills, {failed.Length} with a false hypothesis: {string.Join(", ", failed)}");
        return failed.Length == 0 ? Passed : Failed;
    }

    /// <summary>People with money for several seats. Others each time: those of a drill before may still hold what they could not pay.</summary>
    private static async Task<Crowd> CrowdAsync(BookingApi api, DataSet data, CancellationToken cancel)
    {
        var crowd = await Crowd.SignInAsync(api, data, Customers, seed: Random.Shared.Next(), cancel);
        await crowd.FillWalletsAsync(api, cancel);
        return crowd;
    }

    /// <summary>An alert that still fires from the last drill would not be sent again.</summary>
    private static async Task QuietAsync(AlertRecord alerts, TimeProvider time, CancellationToken cancel)
    {
        var began = time.GetTimestamp();
        while (alerts.Firing() is { Count: > 0 } firing)
        {
            if (time.GetElapsedTime(began) > QuietWithin)
            {
                Console.WriteLine($"Still firing: {string.Join(", ", firing)}");
                return;
            }
            await Task.Delay(TimeSpan.FromSeconds(1), time, cancel);
        }
    }

    private static Option<TimeSpan> Length(string name, string what, int seconds) =>
        new(name) { Description = $"{what}, such as 30s or 2m", DefaultValueFactory = _ => TimeSpan.FromSeconds(seconds), CustomParser = Durations.Parse };
}
