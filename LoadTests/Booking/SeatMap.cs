using System.Text.Json;

namespace LoadTests.Booking;

/// <summary>A schedule's seats, as the system answers.</summary>
internal static class SeatMap
{
    public static List<long> AvailableSeats(ReadOnlySpan<byte> json) =>
        JsonItems.IdsWhere(json, "status"u8, static (ref Utf8JsonReader status) => status.ValueTextEquals("available"u8));
}
