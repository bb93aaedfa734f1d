using Local.Kafka.Tests;
using Testing;

[assembly: AssemblyFixture(typeof(Clients))]

namespace Local.Kafka.Tests;

/// <summary>The programs and libraries that talk to the broker in these tests.</summary>
public sealed class Clients : IAsyncLifetime
{
    public async ValueTask InitializeAsync()
    {
        await Machine.NeedsStoresAsync();
        await Machine.NeedsAsync("kcat", "kcat");
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
