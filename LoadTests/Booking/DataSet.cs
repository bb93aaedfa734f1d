using System.Globalization;

namespace LoadTests.Booking;

/// <summary>How large the seeded data are; ids run from 1.</summary>
internal sealed record DataSet(int Concerts, int Schedules, int SeatsPerSchedule, int Users)
{
    /// <summary>What a fresh system in Development has by itself.</summary>
    public static readonly DataSet Demo = new(Concerts: 20, Schedules: 200, SeatsPerSchedule: 150, Users: 1_000);

    /// <summary>What the commissioning report was measured on.</summary>
    public static readonly DataSet Full = new(Concerts: 100, Schedules: 10_000, SeatsPerSchedule: 150, Users: 100_000);

    public long Seats => (long)Schedules * SeatsPerSchedule;

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Concerts:N0} concerts, {Schedules:N0} schedules, {Seats:N0} seats, {Users:N0} users");
}
