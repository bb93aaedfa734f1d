using System.Net;
using System.Text.Json;
using System.Text.Json.Serialization;
using Polly;

namespace ReservationService.Layouts;

/// <summary>Asks Concert.Service for a layout; slow or failing answers are bounded and tried again a little.</summary>
internal sealed class LayoutClient(HttpClient http, ResiliencePipeline pipeline)
{
    /// <returns>Null when there is no such schedule.</returns>
    public ValueTask<Layout?> FetchAsync(long scheduleId, CancellationToken ct) => pipeline.ExecuteAsync(async cancel =>
    {
        using var response = await http.GetAsync($"internal/schedules/{scheduleId}/layout", cancel);
        if (response.StatusCode == HttpStatusCode.NotFound) return null;
        response.EnsureSuccessStatusCode();
        var body = await response.Content.ReadFromJsonAsync(LayoutJson.Default.LayoutBody, cancel);
        return new Layout(body!.ConcertId, body.StartsAt, body.SeatIds, body.Prices);
    }, ct);
}

/// <param name="ConcertId">Whose pass lets hold its seats.</param>
/// <param name="StartsAt">The sale ends with the start.</param>
/// <param name="SeatIds">Ascending.</param>
/// <param name="Prices">Of each seat, in the same order.</param>
internal sealed record LayoutBody(long ConcertId, DateTimeOffset StartsAt, long[] SeatIds, long[] Prices);

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(LayoutBody))]
internal sealed partial class LayoutJson : JsonSerializerContext;
