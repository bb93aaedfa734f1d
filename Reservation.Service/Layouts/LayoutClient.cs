using System.Collections.Frozen;
using System.Net;
using System.Text.Json;
using System.Text.Json.Serialization;
using Polly;

namespace ReservationService.Layouts;

/// <summary>Asks Concert.Service for layouts.</summary>
internal sealed class LayoutClient(HttpClient http, ResiliencePipeline<Layout?> pipeline)
{
    // Nobody waits for it, and it is heavy for Concert.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <summary>Somebody waits: slow or failing answers are bounded and tried again a little.</summary>
    /// <returns>Null when there is no such schedule.</returns>
    public ValueTask<Layout?> FetchAsync(long scheduleId, CancellationToken ct) => pipeline.ExecuteAsync(async cancel =>
        (await GetAsync($"internal/schedules/{scheduleId}/layouts?alone=true", cancel)).GetValueOrDefault(scheduleId), ct);

    /// <returns>The layouts of all schedules of its concert.</returns>
    public async Task<IReadOnlyDictionary<long, Layout>> FetchConcertAsync(long scheduleId)
    {
        using var patience = new CancellationTokenSource(Patience);
        return await GetAsync($"internal/schedules/{scheduleId}/layouts", patience.Token);
    }

    private async Task<IReadOnlyDictionary<long, Layout>> GetAsync(string path, CancellationToken ct)
    {
        using var response = await http.GetAsync(path, ct);
        if (response.StatusCode == HttpStatusCode.NotFound) return FrozenDictionary<long, Layout>.Empty;
        response.EnsureSuccessStatusCode();
        var body = await response.Content.ReadFromJsonAsync(LayoutJson.Default.ConcertLayouts, ct);
        return body!.Schedules.ToDictionary(s => s.ScheduleId, s => new Layout(body.ConcertId, s.StartsAt, s.Seats));
    }
}

internal sealed record ConcertLayouts(long ConcertId, ScheduleLayout[] Schedules);

internal sealed record ScheduleLayout(long ScheduleId, DateTimeOffset StartsAt, SeatRun[] Seats);

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(ConcertLayouts))]
internal sealed partial class LayoutJson : JsonSerializerContext;
