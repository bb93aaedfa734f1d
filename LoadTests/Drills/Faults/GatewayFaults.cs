using System.Net.Http.Json;

namespace LoadTests.Drills;

/// <summary>The fault switches of a gateway; what is not said is off.</summary>
internal sealed record GatewayFaults(int LatencyMs = 0, double ErrorRate = 0, double DropAfterApprovalRate = 0, bool Down = false)
{
    public static readonly GatewayFaults None = new();

    public async Task ApplyAsync(Uri gateway, CancellationToken cancel)
    {
        using var http = new HttpClient { Timeout = TimeSpan.FromSeconds(10) };
        using var answer = await http.PutAsJsonAsync(new Uri(gateway, "faults"), this, cancel);
        answer.EnsureSuccessStatusCode();
    }
}
