using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting.Tests;

public sealed class EngineTests
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_crashed_service_comes_back_and_its_last_words_are_kept()
    {
        await using var application = await TestApplication.StartAsync(builder => Service(builder, "service"));
        await application.HealthyAsync("service");
        var first = Assert.Single(application.Status("service").ProcessIds);
        using var client = Client(application, "service");

        var crashed = application.WaitAsync("service", s => s.State == KnownResourceStates.Exited);
        await Assert.ThrowsAnyAsync<HttpRequestException>(() => client.PostAsync(new Uri("/crash", UriKind.Relative), content: null, Cancelled));

        var exited = await crashed;
        Assert.Equal(3, exited.ExitCode);
        Assert.Contains("last words", exited.Failure, StringComparison.Ordinal);
        var back = await application.WaitAsync("service", s => s.IsHealthy);
        Assert.Equal(1, back.Restarts);
        Assert.NotEqual(first, Assert.Single(back.ProcessIds));
    }

    [Fact]
    public async Task A_resource_stops_starts_and_restarts_while_the_others_run()
    {
        await using var application = await TestApplication.StartAsync(builder =>
        {
            Service(builder, "one");
            Service(builder, "two");
        });
        await application.HealthyAsync("one");
        await application.HealthyAsync("two");
        var two = Assert.Single(application.Status("two").ProcessIds);

        await application.Running.ResourceCommands.ExecuteCommandAsync("one", KnownResourceCommands.StopCommand, Cancelled);
        Assert.Equal(KnownResourceStates.Exited, application.Status("one").State);
        Assert.Empty(application.Status("one").ProcessIds);

        await application.Running.ResourceCommands.ExecuteCommandAsync("one", KnownResourceCommands.StartCommand, Cancelled);
        await application.HealthyAsync("one");
        var before = Assert.Single(application.Status("one").ProcessIds);
        await application.Running.ResourceCommands.ExecuteCommandAsync("one", KnownResourceCommands.RestartCommand, Cancelled);
        await application.WaitAsync("one", s => s.IsHealthy && s.ProcessIds.Single() != before);
        Assert.Equal(two, Assert.Single(application.Status("two").ProcessIds));
    }

    [Fact]
    public async Task Replicas_share_one_port_and_cover_for_each_other()
    {
        await using var application = await TestApplication.StartAsync(builder => Service(builder, "service").WithReplicas(2));
        await application.HealthyAsync("service");
        var all = application.Status("service").ProcessIds;
        Assert.Equal(2, all.Distinct().Count());

        var answered = new HashSet<int>();
        for (var i = 0; i < 4; i++)
        {
            using var client = Client(application, "service");
            answered.Add(await client.GetFromJsonAsync<int>("/pid", Cancelled));
        }
        Assert.Equal(all.ToHashSet(), answered);

        using var victim = Process.GetProcessById(all[0]);
        victim.Kill();
        await victim.WaitForExitAsync(Cancelled);
        for (var i = 0; i < 4; i++)
        {
            using var client = Client(application, "service");
            Assert.NotEqual(all[0], await client.GetFromJsonAsync<int>("/pid", Cancelled));
        }
    }

    [Fact]
    public async Task A_resource_waits_for_what_it_needs_and_a_job_runs_when_it_is_told_to()
    {
        await using var application = await TestApplication.StartAsync(builder =>
        {
            var job = builder.AddExecutable("job", "true", "/").WithExplicitStart();
            Service(builder, "service").WaitForCompletion(job);
        });
        Assert.Equal(KnownResourceStates.NotStarted, application.Status("job").State);
        await application.WaitAsync("service", s => s.State == KnownResourceStates.Waiting);

        await application.Running.ResourceCommands.ExecuteCommandAsync("job", KnownResourceCommands.StartCommand, Cancelled);

        await application.HealthyAsync("service");
        Assert.Equal(KnownResourceStates.Finished, application.Status("job").State);
        Assert.Equal(0, application.Status("job").Restarts);
    }

    [Fact]
    public async Task Data_and_passwords_survive_a_restart_and_a_reset_empties_them()
    {
        var state = Directory.CreateTempSubdirectory("engine-tests-").FullName;
        try
        {
            var password = await WriteThenReadAsync("SET seat 42", "+OK");
            Assert.Equal(password, await WriteThenReadAsync("GET seat", "$2"));
            Assert.NotEqual(password, await WriteThenReadAsync("GET seat", "$-1", "--reset"));
        }
        finally
        {
            Directory.Delete(state, recursive: true);
        }

        async Task<string> WriteThenReadAsync(string command, string expected, params string[] args)
        {
            await using var application = await TestApplication.StartAsync(builder => builder.AddRedis("redis"), state, args);
            await application.HealthyAsync("redis");
            var (port, password) = RedisAddress(application.Status("redis").ConnectionString!);
            using var client = new TcpClient("localhost", port);
            await using var stream = client.GetStream();
            await stream.WriteAsync(System.Text.Encoding.ASCII.GetBytes($"AUTH {password}\r\n{command}\r\n"), Cancelled);
            using var reader = new StreamReader(stream);
            Assert.Equal("+OK", await reader.ReadLineAsync(Cancelled));
            Assert.Equal(expected, await reader.ReadLineAsync(Cancelled));
            return password;
        }
    }

    [Fact]
    public async Task A_second_application_on_the_same_state_is_refused()
    {
        await using var first = await TestApplication.StartAsync(builder => Service(builder, "service"));
        var error = await Assert.ThrowsAsync<DistributedApplicationException>(
            () => TestApplication.StartAsync(builder => Service(builder, "service"), first.State));
        Assert.Contains($"process {Environment.ProcessId}", error.Message, StringComparison.Ordinal);
        Assert.Contains(first.State, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_a_dashboard_nothing_listens_for_telemetry()
    {
        await using var application = await TestApplication.StartAsync(builder => builder.AddProject<Projects.Testing_Service>("service").WithHttpEndpoint());
        using var endpoints = System.Text.Json.JsonDocument.Parse(await File.ReadAllTextAsync(Path.Combine(application.State, "endpoints.json"), Cancelled));
        Assert.Equal(System.Text.Json.JsonValueKind.Null, endpoints.RootElement.GetProperty("dashboard").ValueKind);
    }

    [Fact]
    public async Task A_taken_port_is_reported_with_its_resource_and_its_holder()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var port = ((IPEndPoint)listener.LocalEndpoint).Port;
        var state = Directory.CreateTempSubdirectory("engine-tests-").FullName;
        var builder = DistributedApplication.CreateBuilder(["--state", state, "--no-dashboard"]);
        builder.AddProject<Projects.Testing_Service>("service").WithHttpEndpoint(port: port);
        await using var application = builder.Build();

        var error = await Assert.ThrowsAsync<DistributedApplicationException>(() => application.StartAsync(Cancelled));

        Assert.Contains("'service'", error.Message, StringComparison.Ordinal);
        Assert.Contains($"port {port}", error.Message, StringComparison.Ordinal);
        Assert.Contains($"process {Environment.ProcessId}", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_program_that_cannot_start_fails_and_says_why()
    {
        await using var application = await TestApplication.StartAsync(builder => builder.AddExecutable("tool", "no-such-program", "/"));
        var failed = await application.WaitAsync("tool", s => s.State == KnownResourceStates.Exited);
        Assert.Contains("no-such-program", failed.Failure, StringComparison.Ordinal);
    }

    private static IResourceBuilder<ProjectResource> Service(IDistributedApplicationBuilder builder, string name) =>
        builder.AddProject<Projects.Testing_Service>(name).WithHttpEndpoint().WithHttpHealthCheck("/health");

    private static HttpClient Client(TestApplication application, string resource) =>
        new() { BaseAddress = new Uri(Assert.Single(application.Status(resource).Urls)) };

    private static (int Port, string Password) RedisAddress(string connectionString)
    {
        var parts = connectionString.Split(',');
        return (int.Parse(parts[0].Split(':')[1]), parts[1]["password=".Length..]);
    }
}
