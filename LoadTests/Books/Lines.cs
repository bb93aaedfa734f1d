using System.Globalization;
using StackExchange.Redis;

namespace LoadTests.Books;

/// <summary>Who has a place among the admitted, as the lines in Redis say.</summary>
internal static class Lines
{
    /// <returns>Concert and ticket of each place.</returns>
    public static async Task<HashSet<(long, long)>> PlacesAsync(string connectionString, IEnumerable<long> concerts)
    {
        using var redis = await ConnectionMultiplexer.ConnectAsync(connectionString);
        var places = new HashSet<(long, long)>();
        foreach (var concert in concerts)
        {
            foreach (var ticket in await redis.GetDatabase().SortedSetRangeByRankAsync($"{{line:{concert}}}:active"))
                places.Add((concert, long.Parse(ticket.ToString(), CultureInfo.InvariantCulture)));
        }
        return places;
    }
}
