using Local.Processes;
using Local.Servers;

namespace Local.Engine;

/// <summary>PostgreSQL, Redis or the broker.</summary>
internal sealed class ServerWorkload(LocalServer server) : IWorkload
{
    public Signal StopSignal => server.StopSignal;

    public async Task<ChildProcess?> LaunchAsync(CancellationToken cancellationToken) => await server.LaunchAsync(cancellationToken);

    public Task ProbeAsync(CancellationToken cancellationToken) => server.ProbeAsync(cancellationToken);
}

/// <summary>A database of a server that runs: being there is all it does.</summary>
internal sealed class DatabaseWorkload(PostgresServer server, string database) : IWorkload
{
    public Task<ChildProcess?> LaunchAsync(CancellationToken cancellationToken) => Task.FromResult<ChildProcess?>(null);

    public Task ProbeAsync(CancellationToken cancellationToken) => server.CreateDatabaseAsync(database, cancellationToken);
}
