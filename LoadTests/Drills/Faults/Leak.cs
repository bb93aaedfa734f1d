using System.Net.Http.Json;
using LoadTests.Server;

namespace LoadTests.Drills;

/// <summary>Makes a service's memory grow, and kills the service at its limit, as a container's kernel would.</summary>
internal sealed class Leak : IAsyncDisposable
{
    private const int MegabytesPerSecond = 60;
    private const long LimitBytes = 512L << 20;
    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(250);

    private readonly int process;
    private readonly HttpClient http;

    private Leak(int process, HttpClient http) => (this.process, this.http) = (process, http);

    public static async Task<Leak> BeginAsync(RunningParts parts, string service, Uri address, CancellationToken cancel)
    {
        var leak = new Leak(parts.Now.ProcessesOf(service)[0], new HttpClient { BaseAddress = address });
        await leak.SetAsync(MegabytesPerSecond, cancel);
        return leak;
    }

    public async Task UntilKilledAsync(TimeProvider time, TimeSpan atMost, CancellationToken cancel)
    {
        var began = time.GetTimestamp();
        while (ProcessTree.Measure([process])[process].ResidentBytes < LimitBytes)
        {
            if (time.GetElapsedTime(began) > atMost) throw new InvalidOperationException("The service did not reach its memory limit: make the fault last longer.");
            await Task.Delay(LookEvery, time, cancel);
        }
        Signal.Kill.Send([process]);
    }

    /// <summary>Where it was not killed, it is to shrink again.</summary>
    public async ValueTask DisposeAsync()
    {
        try
        {
            await SetAsync(0, CancellationToken.None);
        }
        catch (HttpRequestException)
        {
            // Killed, as intended.
        }
        http.Dispose();
    }

    private async Task SetAsync(int megabytesPerSecond, CancellationToken cancel)
    {
        using var answer = await http.PostAsJsonAsync("dev/leak", new { megabytesPerSecond }, cancel);
        answer.EnsureSuccessStatusCode();
    }
}
