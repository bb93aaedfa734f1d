namespace LoadTests.Booking;

/// <summary>Tells whether the system is there at all, before a run of nothing but errors.</summary>
internal static class Readiness
{
    public static async Task<string?> FirstMissingAsync(SystemUnderTest system, CancellationToken cancel)
    {
        using var client = new HttpClient { Timeout = TimeSpan.FromSeconds(5) };
        foreach (var (name, address) in new[] { ("queue", system.Queue), ("concert", system.Concert), ("reservation", system.Reservation), ("payment", system.Payment) })
        {
            try
            {
                using var response = await client.GetAsync(new Uri(address, "health"), cancel);
                if (!response.IsSuccessStatusCode) return $"{name} at {address}";
            }
            catch (Exception error) when (error is HttpRequestException or TaskCanceledException && !cancel.IsCancellationRequested)
            {
                return $"{name} at {address}";
            }
        }
        return null;
    }
}
