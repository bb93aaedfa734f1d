using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting.Tests;

/// <summary>A model that runs in this process, in a state folder of its own, on free ports.</summary>
internal sealed class TestApplication : IAsyncDisposable
{
    private readonly bool _ownsState;

    private TestApplication(DistributedApplication application, string state, bool ownsState)
    {
        Running = application;
        State = state;
        _ownsState = ownsState;
    }

    public DistributedApplication Running { get; }

    public string State { get; }

    public static async Task<TestApplication> StartAsync(Action<IDistributedApplicationBuilder> describe, string? state = null, params string[] args)
    {
        var folder = state ?? Directory.CreateTempSubdirectory("engine-tests-").FullName;
        var builder = DistributedApplication.CreateBuilder(new DistributedApplicationOptions { Args = ["--state", folder, "--free-ports", .. args], DisableDashboard = true });
        describe(builder);
        var application = new TestApplication(builder.Build(), folder, ownsState: state is null);
        try
        {
            await application.Running.StartAsync(TestContext.Current.CancellationToken);
        }
        catch
        {
            await application.DisposeAsync();
            throw;
        }
        return application;
    }

    public async Task HealthyAsync(string resource)
    {
        var status = await WaitAsync(resource, s => s.IsHealthy || s.State == KnownResourceStates.FailedToStart);
        Assert.True(status.IsHealthy, $"{resource} did not start: {status.Failure}");
    }

    public Task<ResourceStatus> WaitAsync(string resource, Func<ResourceStatus, bool> condition) =>
        Running.ResourceNotifications.WaitAsync(resource, condition, TestContext.Current.CancellationToken);

    public ResourceStatus Status(string resource) => Running.ResourceNotifications.Current.Single(s => s.Name == resource);

    public async ValueTask DisposeAsync()
    {
        await Running.DisposeAsync();
        if (_ownsState)
            Directory.Delete(State, recursive: true);
    }
}
