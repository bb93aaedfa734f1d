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
        var seats = body!.Seats.OrderBy(s => s.Id).ToArray();
        return new Layout(body.ConcertId, body.StartsAt, [.. seats.Select(s => s.Id)], [.. seats.Select(s => s.Price)]);
    }, ct);
}

internal sealed record LayoutBody(long ConcertId, DateTimeOffset StartsAt, LayoutSeat[] Seats);

internal sealed record LayoutSeat(long Id, long Price);

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(LayoutBody))]
internal sealed partial class LayoutJson : JsonSerializerContext;
