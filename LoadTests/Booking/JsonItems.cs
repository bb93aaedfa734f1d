using System.Text.Json;

namespace LoadTests.Booking;

/// <summary>Reads ids out of an answer such as <c>{"items":[{"id":1,…}]}</c> without building an object for each of its items.</summary>
internal static class JsonItems
{
    internal delegate bool Wanted(ref Utf8JsonReader value);

    /// <summary>The ids of the items whose <paramref name="property"/>, which follows their id, is as wanted.</summary>
    public static List<long> IdsWhere(ReadOnlySpan<byte> json, ReadOnlySpan<byte> property, Wanted wanted)
    {
        var ids = new List<long>(150);
        var reader = new Utf8JsonReader(json);
        long id = 0;
        while (reader.Read())
        {
            // Depth 3: the properties of one item, in an array, in the answer.
            if (reader.TokenType != JsonTokenType.PropertyName || reader.CurrentDepth != 3) continue;
            if (reader.ValueTextEquals("id"u8))
            {
                reader.Read();
                id = reader.GetInt64();
            }
            else if (reader.ValueTextEquals(property))
            {
                reader.Read();
                if (wanted(ref reader)) ids.Add(id);
            }
        }
        return ids;
    }
}
