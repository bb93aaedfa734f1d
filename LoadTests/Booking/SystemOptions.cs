using System.CommandLine;
using Contracts;

namespace LoadTests.Booking;

/// <summary>Finds the system: an option, else what Aspire put into the environment, else the AppHost's endpoints file, else the usual ports.</summary>
internal sealed class SystemOptions
{
    private readonly Option<Uri?> queue = UrlOption(ResourceNames.Queue);
    private readonly Option<Uri?> concert = UrlOption(ResourceNames.Concert);
    private readonly Option<Uri?> reservation = UrlOption(ResourceNames.Reservation);
    private readonly Option<Uri?> payment = UrlOption(ResourceNames.Payment);
    private readonly Option<string?> state = new("--state") { Description = "the AppHost's state folder (default: .state here or above)" };

    public void AddTo(Command command)
    {
        foreach (var option in new Option[] { queue, concert, reservation, payment, state }) command.Add(option);
    }

    public string? StateOf(ParseResult parsed) => parsed.GetValue(state);

    public SystemUnderTest Read(ParseResult parsed)
    {
        var file = EndpointsFile.Find(parsed.GetValue(state));
        Uri Address(Option<Uri?> option, string name, int port) => parsed.GetValue(option) ?? FromEnvironment(name) ?? file.UrlOf(name) ?? new Uri($"http://localhost:{port}");
        return new SystemUnderTest(
            Address(queue, ResourceNames.Queue, 5101), Address(concert, ResourceNames.Concert, 5102),
            Address(reservation, ResourceNames.Reservation, 5103), Address(payment, ResourceNames.Payment, 5104)).With(file);
    }

    private static Uri? FromEnvironment(string name) =>
        Environment.GetEnvironmentVariable($"services__{name}__http__0") is { } url ? new Uri(url) : null;

    private static Option<Uri?> UrlOption(string name) => new($"--{name}-url")
    {
        Description = $"where {name} listens",
        CustomParser = argument =>
        {
            if (argument.Tokens is [var token] && Uri.TryCreate(token.Value, UriKind.Absolute, out var url) && url.Scheme is "http" or "https") return new Uri(token.Value);
            argument.AddError($"--{name}-url must be an http address.");
            return null;
        },
    };
}
