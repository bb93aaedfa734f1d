using System.Buffers;
using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;
using Xunit;
using Testing;

namespace ConcertService.Tests;

public class SeatMapTests
{
    private static readonly JsonSerializerOptions Web = new(JsonSerializerDefaults.Web);
    private static readonly Reading Reading = new(1, 1, default, default);

    [Fact]
    public void The_spliced_bytes_are_the_json_of_the_seats()
    {
        var map = Map(seats: 40).With(Reading, 7, held: [1, 12], sold: [40]);

        var answer = Read(map);

        Assert.Equal((5, 7), (answer.ScheduleId, answer.Version));
        Assert.Equal(Enumerable.Range(1, 40).Select(id => (long)id), answer.Seats.Select(seat => seat.Id));
        Assert.Equal(new SeatItem(12, "Floor \"A\"", 2, 12, "R", 99_000, "held"), answer.Seats[11]);
        Assert.Equal("sold", answer.Seats[39].Status);
        Assert.Equal(37, answer.Seats.Count(seat => seat.Status == "available"));
    }

    [Fact]
    public void The_announced_length_is_the_written_length_whatever_is_taken() =>
        Prop.ForAll(ArbMap.Default.ArbFor<bool[]>(), ArbMap.Default.ArbFor<byte>(), (seats, version) =>
        {
            var sold = Ids(seats, true);
            var held = Ids(seats, false).Where(id => id % 2 == 0).ToArray();
            var map = Map(seats.Length).With(Reading, version, held, sold);
            return Write(map.Picture()).Length == map.Picture().JsonBytes;
        }).Check(Histories.Tests(100));

    [Fact]
    public void A_map_follows_the_next_change_and_leaves_pictures_as_they_were()
    {
        var map = Map(3).With(Reading, 4, held: [1], sold: []);
        var before = map.Picture();

        map.After(Change(5, new SeatChange(1, SeatStatus.Sold), new SeatChange(2, SeatStatus.Held)));

        Assert.Equal(["sold", "held", "available"], Statuses(map));
        Assert.Equal(["held", "available", "available"], Read(before).Seats.Select(seat => seat.Status));
        Assert.Equal((4, 5), (before.Version, map.Picture().Version));
    }

    [Fact]
    public async Task A_picture_taken_while_changes_come_is_that_of_its_version()
    {
        var map = Map(50);
        using var enough = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        var changes = Task.Run(() =>
        {
            for (var version = 1; !enough.IsCancellationRequested; version++)
                map.After(Change(version, [.. Enumerable.Range(1, 50).Select(id => new SeatChange(id, version % 2 == 0 ? SeatStatus.Sold : SeatStatus.Held))]));
        }, TestContext.Current.CancellationToken);

        var pictures = new List<SeatPicture>();
        for (long seen = 0; pictures.Count < 2_000;)
        {
            var picture = map.Picture();
            if (picture.Version == seen)
                continue;
            seen = picture.Version;
            pictures.Add(picture);
        }
        await enough.CancelAsync();
        await changes;

        foreach (var picture in pictures)
            Assert.Equal([picture.Version % 2 == 0 ? "sold" : "held"], Read(picture).Seats.Select(seat => seat.Status).Distinct());
    }

    [Fact]
    public void A_map_ignores_what_it_knows_and_gives_up_where_a_change_is_missing()
    {
        var map = Map(3).With(Reading, 4, held: [1], sold: []);

        Assert.Same(map, map.After(Change(4, new SeatChange(2, SeatStatus.Sold))));
        Assert.Null(map.After(Change(6, new SeatChange(2, SeatStatus.Sold))));
        Assert.Null(map.After(new(1, 5, 5, 1, default, Seats: null)));
    }

    [Fact]
    public void Seat_ids_may_have_gaps()
    {
        var plan = SeatPlan.Of(Faces(3), out var isNew);
        var map = new SeatMap(5, 1, DateTimeOffset.UnixEpoch, Reading, plan, isNew, [3, 7, 8]).With(Reading, 4, held: [4, 7], sold: [8]);

        Assert.Equal([3, 7, 8], Read(map).Seats.Select(seat => seat.Id));
        Assert.Equal(["available", "held", "sold"], Statuses(map));
        Assert.Equal(Write(map.Picture()).Length, map.Picture().JsonBytes);
        Assert.Equal([new(3, 1, 99_000), new(7, 2, 99_000)], map.Layout().Seats);
    }

    [Fact]
    public void A_seat_that_the_map_does_not_have_changes_nothing()
    {
        var map = Map(3).With(Reading, 4, held: [77], sold: []).After(Change(5, new SeatChange(99, SeatStatus.Sold)))!;

        Assert.Equal(["available", "available", "available"], Statuses(map));
        Assert.Equal(Write(map.Picture()).Length, map.Picture().JsonBytes);
    }

    [Fact]
    public void Schedules_in_the_same_hall_share_one_plan()
    {
        var first = SeatPlan.Of(Faces(20, "Sharing"), out var firstIsNew);
        var second = SeatPlan.Of(Faces(20, "Sharing"), out var secondIsNew);
        var other = SeatPlan.Of(Faces(21, "Sharing"), out var otherIsNew);

        Assert.Same(first, second);
        Assert.NotSame(first, other);
        Assert.Equal((true, false, true), (firstIsNew, secondIsNew, otherIsNew));
    }

    [Fact]
    public void A_notification_is_read_back()
    {
        var change = SeatsChanged.Parse("3 25 118 7 1795000000123 3601=1,3602=0,3603=3");

        Assert.Equal((3, 25, 118, 7), (change.ConcertId, change.ScheduleId, change.Version, change.Taken));
        Assert.Equal(1795000000123, change.OccurredAt.ToUnixTimeMilliseconds());
        Assert.Equal([new(3601, SeatStatus.Held), new(3602, SeatStatus.Available), new(3603, SeatStatus.Sold)], change.Seats);
        Assert.Null(SeatsChanged.Parse("3 25 118 7 1795000000123").Seats);
    }

    private static SeatMap Map(int seats)
    {
        var plan = SeatPlan.Of(Faces(seats), out var isNew);
        return new SeatMap(5, 1, DateTimeOffset.UnixEpoch, Reading, plan, isNew, [.. Enumerable.Range(1, seats).Select(id => (long)id)]).With(Reading, 0, [], []);
    }

    private static List<SeatFace> Faces(int seats, string section = "Floor \"A\"") =>
        [.. Enumerable.Range(1, seats).Select(n => new SeatFace(section, (short)((n / 10) + 1), (short)n, "R", 99_000))];

    private static SeatsChanged Change(long version, params SeatChange[] seats) => new(1, 5, version, 0, default, seats);

    private static long[] Ids(bool[] seats, bool which) =>
        [.. seats.Select((value, index) => (value, id: index + 1L)).Where(seat => seat.value == which).Select(seat => seat.id)];

    private static IEnumerable<string> Statuses(SeatMap map) => Read(map).Seats.Select(seat => seat.Status);

    private static SeatItems Read(SeatMap map) => Read(map.Picture());

    private static SeatItems Read(SeatPicture picture) => JsonSerializer.Deserialize<SeatItems>(Write(picture), Web)!;

    private static byte[] Write(SeatPicture picture)
    {
        var output = new ArrayBufferWriter<byte>();
        picture.WriteTo(output);
        return output.WrittenSpan.ToArray();
    }
}
