using System.Text.Json;

namespace LoadTests.Booking;

/// <summary>Reads which schedules have free seats, without building an object for each of a concert's hundred.</summary>
internal static class ScheduleListing
{
    public static List<long> WithFreeSeats(ReadOnlySpan<byte> json)
    {
        var open = new List<long>(100);
        var reader = new Utf8JsonReader(json);
        long id = 0;
        while (reader.Read())
        {
            // Depth 3: the properties of one schedule inside {"items":[{…}]}.
            if (reader.TokenType != JsonTokenType.PropertyName || reader.CurrentDepth != 3) continue;
            if (reader.ValueTextEquals("id"u8))
            {
                reader.Read();
                id = reader.GetInt64();
            }
            else if (reader.ValueTextEquals("seatsAvailable"u8))
            {
                reader.Read();
                if (reader.GetInt32() > 0) open.Add(id);
            }
        }
        return open;
    }
}
