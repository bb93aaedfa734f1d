using System.Text.Json;

namespace LoadTests.Booking;

/// <summary>Finds out how large the running system's data set is.</summary>
internal static class Catalogue
{
    public static async Task<DataSet> DiscoverAsync(BookingApi api, CancellationToken cancel)
    {
        var concerts = await api.ListConcertsAsync(User.Nobody, 1, cancel);
        var total = JsonSerializer.Deserialize(concerts.Payload.Value, ApiJson.Default.ConcertList)!.Total;
        return total > DataSet.Demo.Concerts ? DataSet.Full with { Concerts = total } : DataSet.Demo with { Concerts = total };
    }
}
