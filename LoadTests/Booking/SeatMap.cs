using System.Text.Json;

namespace LoadTests.Booking;

/// <summary>Reads which seats are free out of a seat map, without building an object for each of its seats.</summary>
internal static class SeatMap
{
    public static List<long> AvailableSeats(ReadOnlySpan<byte> json)
    {
        var available = new List<long>(150);
        var reader = new Utf8JsonReader(json);
        long id = 0;
        while (reader.Read())
        {
            // Depth 3: the properties of one seat inside {"seats":[{…}]}.
            if (reader.TokenType != JsonTokenType.PropertyName || reader.CurrentDepth != 3) continue;
            if (reader.ValueTextEquals("id"u8))
            {
                reader.Read();
                id = reader.GetInt64();
            }
            else if (reader.ValueTextEquals("status"u8))
            {
                reader.Read();
                if (reader.ValueTextEquals("available"u8)) available.Add(id);
            }
        }
        return available;
    }
}
