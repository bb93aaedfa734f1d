using System.Net.Http.Json;
using System.Text.RegularExpressions;
using Local.Processes;
using Local.Servers;
using Microsoft.Extensions.Options;
using Npgsql;
using ServiceDefaults.Tokens;
using Testing;

namespace Publishing.Tests;

/// <summary>The services, started with exactly the environment that was published for them.</summary>
public sealed partial class StartTests(Infrastructure infrastructure)
{
    private const string Key = "AbcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQR";
    private static readonly TimeSpan HealthyWithin = TimeSpan.FromMinutes(2);

    [Fact]
    public async Task Every_service_starts_with_the_published_environment_and_works_on_an_earlier_and_a_later_schema()
    {
        var cancelled = TestContext.Current.CancellationToken;
        var postgres = await infrastructure.CreatePostgresAsync();
        foreach (var line in await File.ReadAllLinesAsync(Repository.Deploy("compose", "databases.sql"), cancelled))
            await postgres.CreateDatabaseAsync(line.Split('"')[1], cancelled);
        var redis = await infrastructure.RedisAsync();
        var kafka = await infrastructure.KafkaAsync();
        var services = Assert.Single(Yamls.Read(await File.ReadAllTextAsync(Repository.Deploy("compose", "docker-compose.yaml"), cancelled))).Entries("services");
        var own = services.Where(s => s.Value.Text("healthcheck/test/1") == "dotnet").ToList();
        Assert.Equal(6, own.Count);
        var ports = own.ToDictionary(s => s.Key, _ => FreePort.Next(), StringComparer.Ordinal);

        var environments = own.ToDictionary(s => s.Key, s => Environment(s.Key, s.Value.Texts("environment")), StringComparer.Ordinal);
        var databases = environments.Where(e => e.Value.Keys.Any(k => k.EndsWith("db", StringComparison.Ordinal)))
            .ToDictionary(e => e.Key, e => e.Value.Single(v => v.Key.EndsWith("db", StringComparison.Ordinal)).Value!, StringComparer.Ordinal);
        foreach (var (name, connection) in databases)
            await EarlierSchema.BringAsync(connection, Path.GetFileNameWithoutExtension(ProgramOf(services[name])), cancelled);

        // This version on the schema of the one before: a job brings what is missing, or the service does when it starts.
        foreach (var name in databases.Keys.Where(n => n != "payment"))
        {
            var (code, said) = await Repository.RunAsync(new ChildCommand(Programs.DotNet, ProgramOf(services[name]), "--apply-schema") { Environment = environments[name] });
            Assert.True(code == 0, said);
        }
        await using (var first = await StartAsync())
        {
            await WorksAsync(ports, "charge-1");
            // A later version brings its schema while this one is at work, with its prepared statements.
            foreach (var connection in databases.Values)
                await AddLaterSchemaAsync(connection);
            await WorksAsync(ports, "charge-2");
        }
        // Rolled back: this version starts on the later schema.
        await using var second = await StartAsync();
        await WorksAsync(ports, "charge-3");

        async Task<Fleet> StartAsync()
        {
            var fleet = new Fleet();
            try
            {
                foreach (var (name, service) in own)
                    fleet.Add(ChildProcess.Start(new ChildCommand(Programs.DotNet, ProgramOf(service)) { Environment = environments[name] }, _ => { }));
                await Task.WhenAll(own.Select(s => HealthyAsync(s.Key, s.Value)));
                return fleet;
            }
            catch
            {
                await fleet.DisposeAsync();
                throw;
            }
        }

        Dictionary<string, string?> Environment(string name, IReadOnlyDictionary<string, string> published)
        {
            Assert.Equal("8080", published["HTTP_PORTS"]);
            var placed = published.ToDictionary(e => e.Key, e => (string?)Place(e.Value), StringComparer.Ordinal);
            placed["HTTP_PORTS"] = $"{ports[name]}";
            placed["ASPNETCORE_URLS"] = null;
            placed["DOTNET_ENVIRONMENT"] = null;
            return placed;
        }

        // The same text, with this machine's addresses for the containers' and test values for what the operator fills in.
        string Place(string value) => ServiceUrl().Replace(value, m => $"http://localhost:{ports[m.Groups["name"].Value]}")
            .Replace("Host=postgres;Port=5432", $"Host=localhost;Port={postgres.Port}", StringComparison.Ordinal)
            .Replace("redis:6379", $"localhost:{redis.Port}", StringComparison.Ordinal)
            .Replace("kafka:9092", kafka.BootstrapServers, StringComparison.Ordinal)
            .Replace("${POSTGRES_PASSWORD}", "test", StringComparison.Ordinal)
            .Replace("${REDIS_PASSWORD}", "test", StringComparison.Ordinal)
            .Replace("${TOKEN_KEY}", Key, StringComparison.Ordinal)
            .Replace("${POOL_SIZE}", "12", StringComparison.Ordinal)
            .Replace("${ENVIRONMENT}", "Production", StringComparison.Ordinal);

        // As the container's own health check asks.
        async Task HealthyAsync(string name, YamlDotNet.RepresentationModel.YamlNode service)
        {
            using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancelled);
            deadline.CancelAfter(HealthyWithin);
            var url = service.Text("healthcheck/test/4")!.Replace(":8080", $":{ports[name]}", StringComparison.Ordinal);
            while (await ChildProcess.RunAsync(new ChildCommand(Programs.DotNet, ProgramOf(service), service.Text("healthcheck/test/3")!, url), _ => { }, deadline.Token) != 0)
                await Task.Delay(TimeSpan.FromMilliseconds(200), TimeProvider.System, deadline.Token);
        }
    }

    [Fact]
    public async Task A_probe_of_nothing_fails()
    {
        var program = Repository.AssemblyOf("PaymentGateway.Simulator");
        var (refused, _) = await Repository.RunAsync(new ChildCommand(Programs.DotNet, program, "--probe", $"http://localhost:{FreePort.Next()}/health"));
        Assert.Equal(1, refused);
        var (usage, said) = await Repository.RunAsync(new ChildCommand(Programs.DotNet, program, "--probe", "nowhere"));
        Assert.Equal(2, usage);
        Assert.Contains("nowhere", said, StringComparison.Ordinal);
    }

    private static string ProgramOf(YamlDotNet.RepresentationModel.YamlNode service)
    {
        var inContainer = service.Text("healthcheck/test/2")!;
        Assert.StartsWith("/app/", inContainer, StringComparison.Ordinal);
        return Repository.AssemblyOf(Path.GetFileNameWithoutExtension(inContainer));
    }

    /// <summary>What a later version might bring while this one still runs: a column more in every table, and a table more.</summary>
    private static async Task AddLaterSchemaAsync(string connectionString)
    {
        await using var db = NpgsqlDataSource.Create(connectionString);
        var cancelled = TestContext.Current.CancellationToken;
        await using (var record = db.CreateCommand("INSERT INTO schema_versions (assembly, file, sha256) SELECT DISTINCT assembly, '999-later.sql', ''::bytea FROM schema_versions"))
            Assert.True(await record.ExecuteNonQueryAsync(cancelled) >= 2);
        var tables = new List<string>();
        await using (var list = db.CreateCommand("SELECT quote_ident(tablename) FROM pg_tables WHERE schemaname = 'public'"))
        await using (var reader = await list.ExecuteReaderAsync(cancelled))
        {
            while (await reader.ReadAsync(cancelled))
                tables.Add(reader.GetString(0));
        }
        // Each by itself: together they could lock what the running service locks in another order.
        foreach (var table in tables)
        {
            await using var change = db.CreateCommand($"ALTER TABLE {table} ADD COLUMN added_later text DEFAULT 'later'");
            await change.ExecuteNonQueryAsync(cancelled);
        }
        await using var create = db.CreateCommand("CREATE TABLE added_later (id int PRIMARY KEY)");
        await create.ExecuteNonQueryAsync(cancelled);
    }

    /// <summary>This version at work: money in, and what is on sale.</summary>
    private static async Task WorksAsync(Dictionary<string, int> ports, string idempotencyKey)
    {
        var signer = new TokenSigner(Options.Create(new TokenOptions { ActiveKey = "k1", Keys = { ["k1"] = Key } }), TimeProvider.System);
        using var client = new HttpClient();
        client.DefaultRequestHeaders.Authorization = new("Bearer", signer.Sign(new UserToken(7, IsAdmin: false, new DateTimeOffset(2100, 1, 1, 0, 0, 0, TimeSpan.Zero))));
        client.DefaultRequestHeaders.Add("Idempotency-Key", idempotencyKey);
        using var charged = await client.PostAsJsonAsync(new Uri($"http://localhost:{ports["payment"]}/api/v1/wallet/charges"), new { amount = 1000 }, TestContext.Current.CancellationToken);
        Assert.True(charged.IsSuccessStatusCode, await charged.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        foreach (var url in (string[])[$"http://localhost:{ports["concert"]}/api/v1/concerts", $"http://localhost:{ports["reservation"]}/api/v1/reservations"])
        {
            using var answer = await client.GetAsync(new Uri(url), TestContext.Current.CancellationToken);
            Assert.True(answer.IsSuccessStatusCode, $"{url}: {answer.StatusCode}");
        }
    }

    [GeneratedRegex("http://(?<name>queue|concert|reservation|payment|gateway-primary|gateway-backup):8080", RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex ServiceUrl();

    /// <summary>Processes that end with the block that started them.</summary>
    private sealed class Fleet : IAsyncDisposable
    {
        private readonly List<ChildProcess> _running = [];

        public void Add(ChildProcess process) => _running.Add(process);

        public async ValueTask DisposeAsync()
        {
            foreach (var process in _running)
            {
                await process.StopAsync(Signal.Kill, TimeSpan.FromSeconds(5));
                process.Dispose();
            }
        }
    }
}
