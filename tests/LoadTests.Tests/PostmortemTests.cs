using System.Net;
using System.Net.Sockets;
using System.Text;
using LoadTests.Drills;
using LoadTests.Postmortems;

namespace LoadTests.Tests;

public sealed class PostmortemTests
{
    private static readonly DateTimeOffset From = new(2026, 1, 31, 19, 58, 0, TimeSpan.Zero);

    [Fact]
    public async Task A_time_range_becomes_a_report_of_what_was_measured_and_of_what_people_have_to_add()
    {
        var folder = Directory.CreateTempSubdirectory("postmortem-").FullName;
        try
        {
            var alerts = Path.Combine(folder, "alerts.jsonl");
            await File.WriteAllTextAsync(alerts,
                """{"receivedAt":"2026-01-31T19:59:10Z","alert":"GatewayFailing","status":"firing","severity":"page","summary":"Cards fail.","runbookUrl":"docs/incidents/runbooks/GatewayFailing.md","startsAt":"2026-01-31T19:59:05Z"}""" + "\n",
                TestContext.Current.CancellationToken);
            await using var prometheus = new Prometheus(value: "1200");
            using var reader = new PrometheusReader(prometheus.Address);

            var path = await new Postmortem(reader, new AlertRecord(alerts)).WriteAsync(folder, "Cards / primary", From, From.AddMinutes(10), TestContext.Current.CancellationToken);

            Assert.Equal(Path.Combine(folder, "2026-01-31-cards---primary.md"), path);
            var report = await File.ReadAllTextAsync(path, TestContext.Current.CancellationToken);
            foreach (var part in (string[])
                ["# Cards / primary, 2026-01-31", "## First notice to customers", "| 19:59:10.0 | notification (page): GatewayFailing: Cards fail. |", "| requests | 1,200 |",
                "| revenue | 1,200 won", "GatewayFailing, 70.0 s after the beginning", "\n5. Why?", "- Later:", "[GatewayFailing](../runbooks/GatewayFailing.md)"])
                Assert.Contains(part, report, StringComparison.Ordinal);
            Assert.Equal(3, Directory.GetFiles(Path.Combine(folder, "charts"), "*.svg").Length);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>Answers every query with one series of one value.</summary>
    private sealed class Prometheus : IAsyncDisposable
    {
        private readonly HttpListener _listener = new();
        private readonly Task _answering;

        public Prometheus(string value)
        {
            using (var port = new TcpListener(IPAddress.Loopback, 0))
            {
                port.Start();
                Address = new($"http://localhost:{((IPEndPoint)port.LocalEndpoint).Port}/");
            }
            _listener.Prefixes.Add(Address.AbsoluteUri);
            _listener.Start();
            _answering = AnswerAsync($$$"""{"status":"success","data":{"result":[{"metric":{"job":"payment"},"value":[0,"{{{value}}}"],"values":[[{{{From.ToUnixTimeSeconds()}}},"{{{value}}}"]]}]}}""");
        }

        public Uri Address { get; }

        public async ValueTask DisposeAsync()
        {
            _listener.Stop();
            await _answering;
        }

        private async Task AnswerAsync(string json)
        {
            try
            {
                while (true)
                {
                    var context = await _listener.GetContextAsync();
                    await context.Response.OutputStream.WriteAsync(Encoding.UTF8.GetBytes(json));
                    context.Response.Close();
                }
            }
            catch (Exception e) when (e is HttpListenerException or ObjectDisposedException)
            {
                // Stopped.
            }
        }
    }
}
