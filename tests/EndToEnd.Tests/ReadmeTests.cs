using System.Diagnostics;
using Contracts;
using Monitoring.Tests;
using Testing;

namespace EndToEnd.Tests;

/// <summary>What the README tells people to type, typed.</summary>
public sealed class ReadmeTests(RunningSystem system)
{
    private const string FirstStep = "localhost:5101/api/v1/dev/sign-in";
    private const string Comment = "# ";
    private const string Fence = "```";

    private static readonly Dictionary<string, string> Addresses = new(StringComparer.Ordinal)
    {
        ["localhost:5101"] = ResourceNames.Queue,
        ["localhost:5102"] = ResourceNames.Concert,
        ["localhost:5103"] = ResourceNames.Reservation,
        ["localhost:5104"] = ResourceNames.Payment,
    };

    [Theory]
    [InlineData("README.md")]
    [InlineData("README.ko.md")]
    public async Task A_seat_is_booked_by_hand(string readme)
    {
        await Machine.NeedsAsync("curl", "curl");
        await Machine.NeedsAsync("jq", "jq");
        var commands = Commands(await File.ReadAllTextAsync(Path.Combine(MonitoringFiles.Root, readme), TestContext.Current.CancellationToken));
        // A person looks a moment after the payment; this looks until there is something to see.
        var look = commands.LastIndexOf('\n' + Comment, StringComparison.Ordinal);
        var script = $$"""
            set -euo pipefail
            {{commands[..look]}}
            look() {
            {{commands[look..]}}
            }
            for moment in {1..100}; do
              seen=$(look)
              if grep -q '"sold"' <<< "$seen" && grep -q '"confirmed"' <<< "$seen"; then break; fi
              sleep 0.1
            done
            echo "$seen"
            # Until the place in line is free, whoever comes again gets the ticket that has bought already.
            for moment in {1..100}; do
              place=$(curl -s {{system.Resource(ResourceNames.Queue).Urls[0]}}/api/v1/queue/tokens/$TOKEN | jq -r .status)
              if [ "$place" = completed ]; then exit 0; fi
              sleep 0.1
            done
            echo "The place in line is still $place."
            """;
        var shown = await RunAsync(script);
        Assert.Contains("\"status\": \"sold\"", shown, StringComparison.Ordinal);
        Assert.EndsWith("\"confirmed\"", shown.TrimEnd(), StringComparison.Ordinal);
    }

    private string Commands(string readme)
    {
        var firstStep = readme.IndexOf(FirstStep, StringComparison.Ordinal);
        var begin = readme.IndexOf('\n', readme.LastIndexOf(Fence, firstStep, StringComparison.Ordinal)) + 1;
        var commands = readme[begin..readme.IndexOf(Fence, firstStep, StringComparison.Ordinal)];
        foreach (var (written, service) in Addresses)
            commands = commands.Replace(written, new Uri(system.Resource(service).Urls[0]).Authority, StringComparison.Ordinal);
        return commands;
    }

    private static async Task<string> RunAsync(string script)
    {
        using var bash = Process.Start(new ProcessStartInfo("bash", ["-c", script]) { RedirectStandardOutput = true, UseShellExecute = false })!;
        var shown = await bash.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await bash.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.True(bash.ExitCode == 0, shown);
        return shown;
    }
}
