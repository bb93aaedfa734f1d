using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using Npgsql;

namespace LoadTests.Drills;

/// <summary>
/// A second process of a service beside the one that serves, as a rolling update starts it: the same program and environment, but with
/// the address of a database that is not there. It never becomes ready; ending it is the rollback.
/// </summary>
internal sealed class BadVersion : IAsyncDisposable
{
    private readonly Process running;
    private readonly Uri address;
    private readonly string? target;

    private BadVersion(Process process, Uri at, string? targetFile) => (running, address, target) = (process, at, targetFile);

    public static BadVersion Start(RunningParts parts, string service, string database)
    {
        var current = parts.Now.ProcessesOf(service)[0];
        var command = File.ReadAllText($"/proc/{current}/cmdline").Split('\0', StringSplitOptions.RemoveEmptyEntries);
        var start = new ProcessStartInfo(command[0], command[1..])
        {
            WorkingDirectory = File.ResolveLinkTarget($"/proc/{current}/cwd", returnFinalTarget: true)!.FullName,
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment.Clear();
        foreach (var variable in File.ReadAllText($"/proc/{current}/environ").Split('\0', StringSplitOptions.RemoveEmptyEntries))
        {
            var (name, value) = variable.Split('=', 2) is [var n, var v] ? (n, v) : (variable, "");
            start.Environment[name] = value;
        }
        var at = new Uri($"http://localhost:{FreePort()}");
        start.Environment["ASPNETCORE_URLS"] = at.OriginalString;
        var key = $"ConnectionStrings__{database}";
        start.Environment[key] = new NpgsqlConnectionStringBuilder(start.Environment[key]) { Port = 1 }.ConnectionString;
        var process = Process.Start(start)!;
        // Nobody reads what it says, and it must not wait for a reader.
        process.OutputDataReceived += (_, _) => { };
        process.ErrorDataReceived += (_, _) => { };
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return new BadVersion(process, at, Discover(parts, service, at));
    }

    /// <summary>
    /// Prometheus has to know of it, as it does of every process: the AppHost keeps a file of them for it (Kubernetes lists a pod as an
    /// endpoint before it is ready). Null when nobody watches.
    /// </summary>
    private static string? Discover(RunningParts parts, string service, Uri at)
    {
        if (parts.Now.Folder is not { } state || !Directory.Exists(Path.Combine(state, "scrape"))) return null;
        var file = Path.Combine(state, "scrape", $"{service}-next.json");
        File.WriteAllText(file, JsonSerializer.Serialize(new[] { new { targets = new[] { at.Authority }, labels = new { job = service, instance = $"{service}-next" } } }));
        return file;
    }

    /// <summary>What the readiness probe of a rollout asks.</summary>
    public async Task<bool> IsReadyAsync(CancellationToken cancel)
    {
        using var http = new HttpClient { Timeout = TimeSpan.FromSeconds(5) };
        try
        {
            using var answer = await http.GetAsync(new Uri(address, "health"), cancel);
            return answer.IsSuccessStatusCode;
        }
        catch (Exception error) when (error is HttpRequestException or TaskCanceledException && !cancel.IsCancellationRequested)
        {
            return false;
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (target is not null) File.Delete(target);
        if (!running.HasExited)
        {
            Signal.Terminate.Send([running.Id]);
            using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(10));
            await running.WaitForExitAsync(patience.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (!running.HasExited) running.Kill();
        }
        running.Dispose();
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
