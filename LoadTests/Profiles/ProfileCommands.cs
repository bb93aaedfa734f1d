using System.CommandLine;
using LoadTests.Booking;
using LoadTests.Scenarios;

namespace LoadTests.Profiles;

/// <summary>One command for each profile, all with the same options.</summary>
internal static class ProfileCommands
{
    public static IEnumerable<Command> Create() => AllProfiles.List.Select(profile =>
    {
        var users = PositiveNumber.Option("--users", "virtual users at the highest", profile.DefaultSize.Users);
        var duration = new Option<TimeSpan>("--duration") { Description = "length, such as 30s, 5m or 00:05:00", DefaultValueFactory = _ => profile.DefaultSize.Duration, CustomParser = Durations.Parse };
        var warmUp = new Option<TimeSpan>("--warm-up") { Description = "what runs before the first visit counts", DefaultValueFactory = _ => profile.WarmUp, CustomParser = Durations.Parse };
        var scenario = new Option<string>("--scenario") { Description = "what the customers do", DefaultValueFactory = _ => profile.Scenario };
        scenario.AcceptOnlyFromAmong([.. ScenarioCatalogue.All.Select(s => s.Name)]);
        var seed = PositiveNumber.Option("--seed", "seed of the random choices", 1);
        var report = new Option<DirectoryInfo>("--report") { Description = "folder for the reports", DefaultValueFactory = _ => new DirectoryInfo("reports") };
        var system = new SystemOptions();
        var command = new Command(profile.Name, profile.Purpose) { users, duration, warmUp, scenario, seed, report };
        system.AddTo(command);
        command.SetAction((parsed, cancel) => new ProfileRun(
            profile,
            ScenarioCatalogue.All.First(s => s.Name == parsed.GetValue(scenario)),
            new Profile.Size(parsed.GetValue(users), parsed.GetValue(duration)),
            new RunOptions(system.Read(parsed), parsed.GetValue(seed), parsed.GetValue(report)!, parsed.GetValue(warmUp))).RunAsync(cancel));
        return command;
    });
}
