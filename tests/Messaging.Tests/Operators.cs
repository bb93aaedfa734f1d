using System.Net.Http.Json;

namespace Messaging.Tests;

/// <summary>What operators ask a service.</summary>
internal static class Operators
{
    public static async Task<ListDeadLetters.Answer> DeadLettersAsync(this HttpClient admin) =>
        (await admin.GetFromJsonAsync<ListDeadLetters.Answer>("/api/v1/admin/dead-letters"))!;

    public static async Task<ReplayDeadLetters.Answer> ReplayAsync(this HttpClient admin, object request)
    {
        using var response = await admin.PostAsJsonAsync("/api/v1/admin/dead-letters/replay", request);
        response.EnsureSuccessStatusCode();
        return (await response.Content.ReadFromJsonAsync<ReplayDeadLetters.Answer>())!;
    }

    public static async Task<long> RefeedAsync(this HttpClient admin, DateTimeOffset since)
    {
        using var response = await admin.PostAsJsonAsync("/api/v1/admin/outbox/refeed", new { since });
        response.EnsureSuccessStatusCode();
        return (await response.Content.ReadFromJsonAsync<RefeedOutbox.Response>())!.Rows;
    }

    /// <summary>Whether this metric of the topic has this value. Meters of one name are heard across all services of this process.</summary>
    public static async Task<bool> MetricAsync(this HttpClient client, string name, string topic, int value)
    {
        var lines = (await client.GetStringAsync("/metrics")).Split('\n');
        var series = lines.Where(line => line.StartsWith(name + "{", StringComparison.Ordinal) && line.Contains($"\"{topic}\"", StringComparison.Ordinal)).ToList();
        return series.Count > 0 && series.TrueForAll(line => line.EndsWith($"}} {value}", StringComparison.Ordinal));
    }
}
