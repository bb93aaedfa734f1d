using System.Collections.Frozen;
using System.Net;
using System.Text.Json;
using System.Text.Json.Serialization;
using Polly;

namespace ReservationService.Layouts;

/// <summary>Asks Concert.Service for a layout; slow or failing answers are bounded and tried again a little.</summary>
internal sealed class LayoutClient(HttpClient http, ResiliencePipeline pipeline)
{
    /// <returns>The layout of that schedule and those of its concert's other ones; none when there is no such schedule.</returns>
    public ValueTask<IReadOnlyDictionary<long, Layout>> FetchAsync(long scheduleId, CancellationToken ct) => pipeline.ExecuteAsync(async cancel =>
    {
        using var response = await http.GetAsync($"internal/schedules/{scheduleId}/layouts", cancel);
        if (response.StatusCode == HttpStatusCode.NotFound) return FrozenDictionary<long, Layout>.Empty;
        response.EnsureSuccessStatusCode();
        var body = await response.Content.ReadFromJsonAsync(LayoutJson.Default.ConcertLayouts, cancel);
        return (IReadOnlyDictionary<long, Layout>)body!.Schedules.ToDictionary(s => s.ScheduleId, s => new Layout(body.ConcertId, s.StartsAt, s.Seats));
    }, ct);
}

internal sealed record ConcertLayouts(long ConcertId, ScheduleLayout[] Schedules);

internal sealed record ScheduleLayout(long ScheduleId, DateTimeOffset StartsAt, SeatRun[] Seats);

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(ConcertLayouts))]
internal sealed partial class LayoutJson : JsonSerializerContext;
