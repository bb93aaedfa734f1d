using System.CommandLine;
using ConcertService;
using LoadTests.Booking;

namespace LoadTests.Seeding;

/// <summary><c>seed</c> loads a data set into the running system; <c>reset</c> takes all bookings out of it.</summary>
internal static class SeedCommands
{
    public static IEnumerable<Command> Create() => [Seed(), Reset()];

    private static Command Seed()
    {
        var full = CatalogueSpec.Production;
        var concerts = Number("--concerts", full.Concerts);
        var schedules = Number("--schedules", full.Schedules);
        var seats = Number("--seats-per-schedule", full.SeatsPerSchedule);
        var users = Number("--users", DataSet.Full.Users);
        var points = new Option<long>("--points") { Description = "what each user's wallet starts with", DefaultValueFactory = _ => 1_000_000 };
        var options = new SystemOptions();
        var command = new Command("seed", "load a data set: concerts, schedules, seats, and users with wallets; does nothing when it is there already") { concerts, schedules, seats, users, points };
        options.AddTo(command);
        command.Validators.Add(result =>
        {
            if (result.GetValue(schedules) < result.GetValue(concerts)) result.AddError("--schedules must be at least --concerts: every concert has one.");
        });
        command.SetAction((parsed, cancel) => WithStoresAsync(options.Read(parsed), stores => new Seeder(stores).SeedAsync(
            new CatalogueSpec(parsed.GetValue(concerts), parsed.GetValue(schedules), parsed.GetValue(seats)), parsed.GetValue(users), parsed.GetValue(points), cancel)));
        return command;
    }

    private static Command Reset()
    {
        var options = new SystemOptions();
        var command = new Command("reset", "take every reservation and payment out of the running system, and fill the wallets again");
        options.AddTo(command);
        command.SetAction((parsed, cancel) => WithStoresAsync(options.Read(parsed), stores => new Seeder(stores).ResetAsync(cancel)));
        return command;
    }

    private static async Task<int> WithStoresAsync(SystemUnderTest system, Func<Stores, Task> work)
    {
        if (system.Stores is null)
        {
            await Console.Error.WriteLineAsync("The system is not running on this machine. Start it with: dotnet run --project AppHost");
            return 1;
        }
        await work(system.Stores);
        return 0;
    }

    private static Option<int> Number(string name, int value)
    {
        var option = new Option<int>(name) { DefaultValueFactory = _ => value };
        option.Validators.Add(result => { if (!result.Errors.Any() && result.GetValueOrDefault<int>() <= 0) result.AddError($"{name} must be a positive number."); });
        return option;
    }
}
