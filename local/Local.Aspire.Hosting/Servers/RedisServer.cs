using System.Net.Sockets;
using System.Text;
using Local.Processes;

namespace Local.Servers;

/// <summary>A Redis server with an append-only file, reachable from this machine only.</summary>
public sealed class RedisServer(string name, string dataDirectory, int port, string password, ProcessLog log)
    : LocalServer(name, dataDirectory, port, log)
{
    public string ConnectionString => $"localhost:{Port},password={password}";

    public override async Task ProbeAsync(CancellationToken cancellationToken)
    {
        var answer = await RoundTripAsync($"AUTH {password}\r\nPING\r\n", expectedLines: 2, cancellationToken);
        if (answer != "+OK\r\n+PONG\r\n")
            throw new IOException($"Redis answered: {answer.Trim()}");
    }

    /// <summary>Sends commands, one a line, and reads so many lines of answer.</summary>
    public async Task<string> RoundTripAsync(string commands, int expectedLines, CancellationToken cancellationToken = default)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        deadline.CancelAfter(TimeSpan.FromSeconds(3));
        using var client = new TcpClient();
        await client.ConnectAsync("localhost", Port, deadline.Token);
        await using var stream = client.GetStream();
        await stream.WriteAsync(Encoding.UTF8.GetBytes(Encode(commands)), deadline.Token);
        var answer = new StringBuilder();
        var buffer = new byte[512];
        for (var lines = 0; lines < expectedLines;)
        {
            var read = await stream.ReadAsync(buffer, deadline.Token);
            if (read == 0)
                break;
            answer.Append(Encoding.UTF8.GetString(buffer, 0, read));
            lines += buffer.AsSpan(0, read).Count((byte)'\n');
        }
        return answer.ToString();
    }

    /// <summary>Empties the server.</summary>
    public Task FlushAsync(CancellationToken cancellationToken = default) =>
        RoundTripAsync($"AUTH {password}\r\nFLUSHALL\r\n", expectedLines: 2, cancellationToken);

    // Arrays of bulk strings (redis.io/docs/latest/develop/reference/protocol-spec): Garnet reads no inline commands.
    private static string Encode(string commands) =>
        string.Concat(commands.Split("\r\n", StringSplitOptions.RemoveEmptyEntries)
            .Select(line => line.Split(' '))
            .Select(words => $"*{words.Length}\r\n{string.Concat(words.Select(word => $"${word.Length}\r\n{word}\r\n"))}"));

    protected override async Task PrepareAsync(CancellationToken cancellationToken)
    {
        await base.PrepareAsync(cancellationToken);
        // In a file rather than in arguments: every user of the machine may read a command line.
        await File.WriteAllTextAsync(ConfigurationFile, Configuration, cancellationToken);
        File.SetUnixFileMode(ConfigurationFile, UnixFileMode.UserRead | UnixFileMode.UserWrite);
    }

    protected override ChildCommand Command() => RedisPrograms.Command(ConfigurationFile, DataDirectory);

    private string ConfigurationFile => Path.Combine(DataDirectory, "redis.conf");

    private string Configuration =>
        $"""
        port {Port}
        bind 127.0.0.1 -::1
        requirepass {password}
        dir "{DataDirectory}"
        daemonize no
        # At most a second of writes is lost to a crash; the services can live with the loss of everything.
        appendonly yes
        appendfsync everysec
        save ""
        # Never evict: a full Redis must say so.
        maxmemory-policy noeviction
        """;
}
