using System.CommandLine;
using LoadTests.Booking;

namespace LoadTests.Idle;

/// <summary><c>idle</c>: what one customer waits for on a system at rest; exit code 1 when a median is over its target.</summary>
internal static class IdleCommand
{
    public static Command Create()
    {
        var bookings = new Option<int>("--bookings") { Description = "bookings, one after the other", DefaultValueFactory = _ => 200 };
        bookings.Validators.Add(result => { if (result.Errors.Any() is false && result.GetValueOrDefault<int>() <= 0) result.AddError("--bookings must be a positive number."); });
        var options = new SystemOptions();
        var command = new Command("idle", "how long one customer waits for each answer, and the other services for its effect, on a system at rest") { bookings };
        options.AddTo(command);
        command.SetAction(async (parsed, cancel) =>
        {
            var system = options.Read(parsed);
            if (await Readiness.FirstMissingAsync(system, cancel) is { } missing)
            {
                await Console.Error.WriteLineAsync($"{missing} does not answer. Start the system with: dotnet run --project AppHost");
                return 1;
            }
            using var api = new BookingApi(system);
            var customer = new LoneCustomer(api, await Catalogue.DiscoverAsync(api, cancel), TimeProvider.System);
            try
            {
                return Print(await customer.BookAsync(parsed.GetValue(bookings), cancel)) ? 0 : 1;
            }
            catch (RefusedException e)
            {
                await Console.Error.WriteLineAsync(e.Message);
                return 1;
            }
        });
        return command;
    }

    private static bool Print(IReadOnlyList<Wait> waits)
    {
        Console.WriteLine(FormattableString.Invariant($"{"",-26}{"target",9}{"p50",9}{"p95",9}{"p99",9}  ms"));
        foreach (var wait in waits)
            Console.WriteLine(FormattableString.Invariant($"{wait.Name,-26}{wait.TargetMs,9:0.0}{wait.At(0.50),9:0.00}{wait.At(0.95),9:0.00}{wait.At(0.99),9:0.00}  {(wait.IsMet ? "ok" : "OVER")}"));
        return waits.All(w => w.IsMet);
    }
}
