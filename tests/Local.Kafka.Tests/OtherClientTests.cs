using System.Diagnostics;
using Local.Processes;
using Testing;

namespace Local.Kafka.Tests;

/// <summary>Clients that are not librdkafka: each works through a topic's whole life, in a group of two through a rebalance, and judges for itself.</summary>
public sealed class OtherClientTests(BrokerFixture broker) : IClassFixture<BrokerFixture>
{
    [Fact]
    public async Task Kafkajs_finds_nothing_amiss()
    {
        Assert.SkipWhen(Programs.OnPath("node") is null || Programs.OnPath("npm") is null, "NOT CHECKED: node and npm are not on this machine.");
        var folder = Folder("kafkajs");
        if (!Directory.Exists(Path.Combine(folder, "node_modules")))
        {
            var (failed, why) = await RunAsync(folder, "npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund");
            Assert.SkipWhen(failed != 0, $"NOT CHECKED: npm could not get kafkajs.\n{why}");
        }
        var (code, said) = await RunAsync(folder, "node", "client.mjs", broker.Servers);
        Assert.True(code == 0, said);
    }

    [Fact]
    public async Task Python_kafka_finds_nothing_amiss()
    {
        const string DebiansPython = "/usr/bin/python3"; // another one on the path does not see Debian's modules
        await Machine.NeedsFileAsync("python3-kafka", "/usr/lib/python3/dist-packages/kafka/__init__.py");
        var (code, said) = await RunAsync(Folder("python"), DebiansPython, "client.py", broker.Servers);
        Assert.True(code == 0, said);
    }

    private static string Folder(string client) => Path.Combine(AppContext.BaseDirectory, "OtherClients", client);

    private static async Task<(int Code, string Said)> RunAsync(string folder, string program, params string[] arguments)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        patience.CancelAfter(TimeSpan.FromMinutes(1));
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false })!;
        try
        {
            var output = process.StandardOutput.ReadToEndAsync(patience.Token);
            var errors = process.StandardError.ReadToEndAsync(patience.Token);
            await process.WaitForExitAsync(patience.Token);
            return (process.ExitCode, await output + await errors);
        }
        finally
        {
            if (!process.HasExited) process.Kill(entireProcessTree: true);
        }
    }
}
