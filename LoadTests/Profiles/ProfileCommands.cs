using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using LoadTests.Booking;

namespace LoadTests.Profiles;

/// <summary>One command for each profile, all with the same options.</summary>
internal static class ProfileCommands
{
    public static IEnumerable<Command> Create() => AllProfiles.List.Select(profile =>
    {
        var users = new Option<int>("--users") { Description = "virtual users at the highest", DefaultValueFactory = _ => profile.DefaultSize.Users };
        users.Validators.Add(result => { if (result.GetValueOrDefault<int>() <= 0) result.AddError("--users must be a positive number."); });
        var duration = new Option<TimeSpan>("--duration") { Description = "length, such as 30s, 5m or 00:05:00", DefaultValueFactory = _ => profile.DefaultSize.Duration, CustomParser = ParseDuration };
        var seed = new Option<int>("--seed") { Description = "seed of the random choices", DefaultValueFactory = _ => 1 };
        var queue = UrlOption("--queue-url", 5101);
        var concert = UrlOption("--concert-url", 5102);
        var reservation = UrlOption("--reservation-url", 5103);
        var payment = UrlOption("--payment-url", 5104);
        var report = new Option<DirectoryInfo>("--report") { Description = "folder for the report", DefaultValueFactory = _ => new DirectoryInfo("reports") };
        var command = new Command(profile.Name, profile.Purpose) { users, duration, seed, queue, concert, reservation, payment, report };
        command.SetAction((parsed, cancel) => new ProfileRun(
            profile,
            new Profile.Size(parsed.GetValue(users), parsed.GetValue(duration)),
            new SystemUnderTest(parsed.GetValue(queue)!, parsed.GetValue(concert)!, parsed.GetValue(reservation)!, parsed.GetValue(payment)!),
            parsed.GetValue(seed), parsed.GetValue(report)!).RunAsync(cancel));
        return command;
    });

    private static Option<Uri> UrlOption(string name, int port) => new(name) { Description = "where the service listens", DefaultValueFactory = _ => new Uri($"http://localhost:{port}/") };

    private static TimeSpan ParseDuration(ArgumentResult argument)
    {
        var text = argument.Tokens.Count == 1 ? argument.Tokens[0].Value : "";
        TimeSpan? parsed = text switch
        {
            [.. var number, 's'] when TryNumber(number, out var value) => TimeSpan.FromSeconds(value),
            [.. var number, 'm'] when TryNumber(number, out var value) => TimeSpan.FromMinutes(value),
            [.. var number, 'h'] when TryNumber(number, out var value) => TimeSpan.FromHours(value),
            _ => TimeSpan.TryParse(text, CultureInfo.InvariantCulture, out var value) && text.Contains(':', StringComparison.Ordinal) ? value : null,
        };
        if (parsed is { } duration && duration > TimeSpan.Zero) return duration;
        argument.AddError($"'{text}' is not a duration. Write it as 30s, 5m, 1h or 00:05:00.");
        return default;
    }

    private static bool TryNumber(string text, out double value) => double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out value);
}
