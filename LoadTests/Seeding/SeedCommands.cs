using System.CommandLine;
using ConcertService;
using LoadTests.Booking;

namespace LoadTests.Seeding;

/// <summary><c>seed</c> loads a data set into the running system; <c>reset</c> takes all bookings out of it.</summary>
internal static class SeedCommands
{
    private const int UsageError = 2;

    public static IEnumerable<Command> Create() => [Seed(), Reset()];

    private static Command Seed()
    {
        var full = CatalogueSpec.Production;
        var concerts = PositiveNumber.Option("--concerts", "concerts on sale", full.Concerts);
        var schedules = PositiveNumber.Option("--schedules", "dates of all concerts together", full.Schedules);
        var seats = PositiveNumber.Option("--seats-per-schedule", "seats of each date", full.SeatsPerSchedule);
        var users = PositiveNumber.Option("--users", "users with a wallet", DataSet.Full.Users);
        var points = PositiveNumber.Option("--points", "what each user's wallet starts with", 1_000_000L);
        var options = new SystemOptions();
        var command = new Command("seed", "load a data set: concerts, schedules, seats, and users with wallets; does nothing when it is there already") { concerts, schedules, seats, users, points };
        options.AddTo(command);
        command.SetAction(async (parsed, cancel) =>
        {
            var catalogue = new CatalogueSpec(parsed.GetValue(concerts), parsed.GetValue(schedules), parsed.GetValue(seats));
            if (catalogue.Schedules < catalogue.Concerts)
            {
                await Console.Error.WriteLineAsync("--schedules must be at least --concerts: every concert has one.");
                return UsageError;
            }
            return await WithStoresAsync(options.Read(parsed), stores => new Seeder(stores).SeedAsync(catalogue, parsed.GetValue(users), parsed.GetValue(points), cancel));
        });
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
}
