using System.CommandLine;
using LoadTests.Booking;

namespace LoadTests.Books;

/// <summary><c>check</c>: looks into the books of the running system; exit code 1 when something is wrong.</summary>
internal static class CheckCommand
{
    private static readonly TimeSpan SettleWithin = TimeSpan.FromSeconds(30);

    public static Command Create()
    {
        var options = new SystemOptions();
        var command = new Command("check", "check the books of the running system: seats, wallets, payments, gateways, outboxes, dead letters");
        options.AddTo(command);
        command.SetAction(async (parsed, cancel) =>
        {
            var system = options.Read(parsed);
            if (await Readiness.FirstMissingAsync(system, cancel) is not null || system.Stores is null)
            {
                await Console.Error.WriteLineAsync("The system is not running, or not on this machine. Start it with: dotnet run --project AppHost");
                return 1;
            }
            if (!await Settling.WaitAsync(system, SettleWithin, cancel)) Console.WriteLine("The system has not come to rest: what follows may pass.");
            await using var books = new BooksCheck(system);
            var result = await books.RunAsync(cancel);
            Console.WriteLine(result.Findings.Length == 0 ? $"books clean ({string.Join(", ", result.Checked)})" : $"BOOKS WRONG\n  {string.Join("\n  ", result.Findings)}");
            return result.Findings.Length == 0 ? 0 : 1;
        });
        return command;
    }
}
