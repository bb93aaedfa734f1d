using System.CommandLine;
using Contracts;

namespace LoadTests.Booking;

/// <summary>Finds the services: an option, else what Aspire put into the environment, else the ports of a system started on this machine.</summary>
internal sealed class SystemOptions
{
    private readonly Option<Uri> queue = UrlOption(ResourceNames.Queue, 5101);
    private readonly Option<Uri> concert = UrlOption(ResourceNames.Concert, 5102);
    private readonly Option<Uri> reservation = UrlOption(ResourceNames.Reservation, 5103);
    private readonly Option<Uri> payment = UrlOption(ResourceNames.Payment, 5104);

    public void AddTo(Command command)
    {
        foreach (var option in new[] { queue, concert, reservation, payment }) command.Add(option);
    }

    public SystemUnderTest Read(ParseResult parsed) =>
        new(parsed.GetValue(queue)!, parsed.GetValue(concert)!, parsed.GetValue(reservation)!, parsed.GetValue(payment)!);

    private static Option<Uri> UrlOption(string name, int port) => new($"--{name}-url")
    {
        Description = $"where {name} listens",
        DefaultValueFactory = _ => new Uri(Environment.GetEnvironmentVariable($"services__{name}__http__0") ?? $"http://localhost:{port}"),
        CustomParser = argument =>
        {
            if (argument.Tokens is [var token] && Uri.TryCreate(token.Value, UriKind.Absolute, out var url) && url.Scheme is "http" or "https") return new Uri(token.Value);
            argument.AddError($"--{name}-url must be an http address.");
            return null;
        },
    };
}
