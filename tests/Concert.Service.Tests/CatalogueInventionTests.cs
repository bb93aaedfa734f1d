using Xunit;

namespace ConcertService.Tests;

public class CatalogueInventionTests
{
    private static readonly DateOnly FirstDay = new(2027, 1, 1);

    [Fact]
    public void Every_schedule_belongs_to_one_concert_in_order()
    {
        var spec = new CatalogueSpec(Concerts: 7, Schedules: 45, SeatsPerSchedule: 10);
        var invention = new CatalogueInvention(spec, FirstDay);

        for (long concert = 1; concert <= spec.Concerts; concert++)
        {
            var (first, next) = (invention.FirstScheduleOf(concert), invention.FirstScheduleOf(concert + 1));
            for (var schedule = first; schedule < next; schedule++)
                Assert.Equal(concert, spec.ConcertOf(schedule));
        }

        Assert.Equal((1, 46), (invention.FirstScheduleOf(1), invention.FirstScheduleOf(8)));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(150)]
    [InlineData(50_000)]
    public void A_hall_has_exactly_its_seats_each_in_its_own_place(int count)
    {
        var seats = new CatalogueInvention(new(1, 1, count), FirstDay).Seats(1);

        Assert.Equal(count, seats.Length);
        Assert.Equal(count, seats.Select(seat => (seat.Section, seat.Row, seat.Number)).Distinct().Count());
        Assert.All(seats, seat => Assert.True(seat.Price >= 88_000));
    }

    [Fact]
    public void The_same_numbers_invent_the_same_catalogue()
    {
        var (one, other) = (new CatalogueInvention(CatalogueSpec.Demo, FirstDay), new CatalogueInvention(CatalogueSpec.Demo, FirstDay));

        Assert.Equal(one.Seats(3), other.Seats(3));
        Assert.Equal((one.Title(3), one.Artist(3), one.Venue(3), one.StartsAt(25)), (other.Title(3), other.Artist(3), other.Venue(3), other.StartsAt(25)));
        Assert.NotEqual(one.Title(3), new CatalogueInvention(CatalogueSpec.Demo with { Seed = 2 }, FirstDay).Title(3));
    }
}
