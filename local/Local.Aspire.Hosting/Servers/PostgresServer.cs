using Local.Processes;
using Npgsql;

namespace Local.Servers;

/// <summary>A PostgreSQL server with its own data directory, reachable from this machine only.</summary>
public sealed class PostgresServer(string name, string dataDirectory, int port, string userName, string password, ProcessLog log)
    : LocalServer(name, dataDirectory, port, log)
{
    // PostgreSQL refuses to run as root; its Debian package brings this account.
    private const string Account = "postgres";

    private readonly string _data = Path.Combine(Path.GetFullPath(dataDirectory), "data");

    // SIGINT: break off the open transactions, write a checkpoint, stop (fast shutdown).
    public override Signal StopSignal => Signal.Interrupt;

    public string ConnectionString(string database) =>
        $"Host=localhost;Port={Port};Username={userName};Password={password};Database={database}";

    public async Task CreateDatabaseAsync(string database, CancellationToken cancellationToken = default)
    {
        await using var connection = await OpenAsync(cancellationToken);
        await using var exists = new NpgsqlCommand("SELECT 1 FROM pg_database WHERE datname = $1", connection) { Parameters = { new() { Value = database } } };
        if (await exists.ExecuteScalarAsync(cancellationToken) is not null)
            return;
        var quoted = database.Replace("\"", "\"\"", StringComparison.Ordinal);
#pragma warning disable CA2100 // A name cannot be a parameter; it is quoted.
        await using var create = new NpgsqlCommand($"CREATE DATABASE \"{quoted}\"", connection);
#pragma warning restore CA2100
        await create.ExecuteNonQueryAsync(cancellationToken);
    }

    public override async Task ProbeAsync(CancellationToken cancellationToken)
    {
        await using var connection = await OpenAsync(cancellationToken);
        await using var command = new NpgsqlCommand("SELECT 1", connection);
        await command.ExecuteScalarAsync(cancellationToken);
    }

    protected override async Task PrepareAsync(CancellationToken cancellationToken)
    {
        if (File.Exists(Path.Combine(_data, "PG_VERSION")))
            return;
        await RunAsync(new ChildCommand("install", LibC.IsRoot ? ["-d", "-m", "700", "-o", Account, DataDirectory] : ["-d", "-m", "700", DataDirectory]), cancellationToken);

        // Under another name until complete, so that an interrupted first run does not leave half a cluster behind.
        var unfinished = _data + ".new";
        if (Directory.Exists(unfinished))
            Directory.Delete(unfinished, recursive: true);
        var passwordFile = Path.Combine(DataDirectory, "password");
        await File.WriteAllTextAsync(passwordFile, password, cancellationToken);
        try
        {
            await RunAsync(InitDb(unfinished, passwordFile), cancellationToken);
        }
        finally
        {
            File.Delete(passwordFile);
        }
        Directory.Move(unfinished, _data);
    }

    protected override ChildCommand Command() =>
        new(PostgresBinaries.Find("postgres", _data), ["-D", _data, "-p", $"{Port}", .. PostgresSettings.Arguments])
        {
            RunAs = Account,
            WorkingDirectory = "/",
            // Immediate shutdown: the postmaster takes its backends along. SIGKILL would leave that to each of them.
            DeathSignal = Signal.Quit,
        };

    private ChildCommand InitDb(string directory, string passwordFile) =>
        new(PostgresBinaries.Find("initdb", directory),
            "-D", directory, "-U", userName, "--pwfile=" + passwordFile, "--auth=scram-sha-256", "--data-checksums",
            "--encoding=UTF8", "--no-locale", "--no-instructions")
        {
            RunAs = Account,
            WorkingDirectory = "/",
        };

    private async Task RunAsync(ChildCommand command, CancellationToken cancellationToken)
    {
        var code = await ChildProcess.RunAsync(command, Log.Write, cancellationToken);
        if (code != 0)
            throw new InvalidOperationException($"{command.FileName} ended with {code}:\n{string.Join('\n', Log.Last(20))}");
    }

    private async Task<NpgsqlConnection> OpenAsync(CancellationToken cancellationToken)
    {
        var connection = new NpgsqlConnection(ConnectionString("postgres") + ";Pooling=false;Timeout=3;Command Timeout=10");
        try
        {
            await connection.OpenAsync(cancellationToken);
            return connection;
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }
}
