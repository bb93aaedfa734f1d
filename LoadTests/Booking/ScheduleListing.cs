using System.Text.Json;

namespace LoadTests.Booking;

/// <summary>A concert's schedules, as the system answers.</summary>
internal static class ScheduleListing
{
    public static List<long> WithFreeSeats(ReadOnlySpan<byte> json) =>
        JsonItems.IdsWhere(json, "seatsAvailable"u8, static (ref Utf8JsonReader seats) => seats.GetInt32() > 0);
}
