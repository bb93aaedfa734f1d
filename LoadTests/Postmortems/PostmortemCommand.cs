using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using LoadTests.Booking;
using LoadTests.Drills;

namespace LoadTests.Postmortems;

/// <summary><c>postmortem new --from --to</c>: the report of a real incident, as far as the monitoring knows.</summary>
internal static class PostmortemCommand
{
    private const int UsageError = 2;

    public static Command Create()
    {
        var from = Moment("--from", "when it began, such as 2026-01-31T19:59Z");
        var to = Moment("--to", "when it was over");
        var title = new Option<string>("--title") { Description = "what to call it; part of the file's name", DefaultValueFactory = _ => "incident" };
        var reports = new Option<DirectoryInfo>("--report") { Description = "folder for the report", DefaultValueFactory = _ => new DirectoryInfo("docs/incidents/reports") };
        var system = new SystemOptions();
        var create = new Command("new", "write the report of a time range from what the monitoring knows") { from, to, title, reports };
        system.AddTo(create);
        create.SetAction(async (parsed, cancel) =>
        {
            if (parsed.GetValue(to) <= parsed.GetValue(from))
            {
                await Console.Error.WriteLineAsync("--to must be later than --from.");
                return UsageError;
            }
            var parts = new RunningParts(system.StateOf(parsed), TimeProvider.System);
            if (parts.Now.UrlOf("prometheus") is not { } prometheus || AlertRecord.Of(parts) is not { } alerts)
            {
                await Console.Error.WriteLineAsync("Nobody watches the system. Start it with: dotnet run --project AppHost -- --monitoring");
                return 1;
            }
            using var reader = new PrometheusReader(prometheus);
            Console.WriteLine(await new Postmortem(reader, alerts).WriteAsync(
                parsed.GetValue(reports)!.FullName, parsed.GetValue(title)!, parsed.GetValue(from), parsed.GetValue(to), cancel));
            return 0;
        });
        return new Command("postmortem", "reports of real incidents") { create };
    }

    private static Option<DateTimeOffset> Moment(string name, string what) => new(name) { Description = what, Required = true, CustomParser = Parse };

    private static DateTimeOffset Parse(ArgumentResult argument)
    {
        if (argument.Tokens is [var token] && DateTimeOffset.TryParse(token.Value, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var moment))
            return moment;
        argument.AddError("A moment is written as 2026-01-31T19:59Z.");
        return default;
    }
}
