using System.Globalization;
using System.Text.Json;
using LoadTests.Results;

namespace LoadTests.Postmortems;

/// <summary>Reads what Prometheus has kept: https://prometheus.io/docs/prometheus/latest/querying/api/</summary>
internal sealed class PrometheusReader(Uri prometheus) : IDisposable
{
    private const int MostPoints = 240;

    private readonly HttpClient http = new() { BaseAddress = prometheus, Timeout = TimeSpan.FromSeconds(30) };

    /// <summary>One series for each value of <paramref name="label"/>, in seconds since <paramref name="from"/>.</summary>
    public async Task<IReadOnlyList<SvgChart.Series>> RangeAsync(string query, string label, DateTimeOffset from, DateTimeOffset to, CancellationToken cancel)
    {
        var step = Math.Max(1, (int)Math.Ceiling((to - from).TotalSeconds / MostPoints));
        using var json = await GetAsync($"query_range?query={Uri.EscapeDataString(query)}&start={Seconds(from)}&end={Seconds(to)}&step={step}", cancel);
        return
        [
            .. Results(json).Select(series => new SvgChart.Series(
                series.GetProperty("metric").TryGetProperty(label, out var name) ? name.GetString()! : query,
                [.. series.GetProperty("values").EnumerateArray().Select(v => (v[0].GetDouble() - from.ToUnixTimeSeconds(), Number(v[1])))])),
        ];
    }

    /// <summary>One number; 0 when nothing was measured.</summary>
    public async Task<double> ValueAsync(string query, DateTimeOffset at, CancellationToken cancel)
    {
        using var json = await GetAsync($"query?query={Uri.EscapeDataString(query)}&time={Seconds(at)}", cancel);
        return Results(json).Select(r => Number(r.GetProperty("value")[1])).FirstOrDefault();
    }

    public void Dispose() => http.Dispose();

    private async Task<JsonDocument> GetAsync(string path, CancellationToken cancel) =>
        JsonDocument.Parse(await http.GetStringAsync(new Uri($"api/v1/{path}", UriKind.Relative), cancel));

    private static JsonElement.ArrayEnumerator Results(JsonDocument json) => json.RootElement.GetProperty("data").GetProperty("result").EnumerateArray();

    private static double Number(JsonElement value) =>
        double.Parse(value.GetString()!, CultureInfo.InvariantCulture) is var number && double.IsFinite(number) ? number : 0;

    private static string Seconds(DateTimeOffset at) => at.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
}
