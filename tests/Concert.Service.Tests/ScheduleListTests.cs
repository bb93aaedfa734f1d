using System.Buffers;
using System.Text.Json;
using Xunit;

namespace ConcertService.Tests;

public class ScheduleListTests
{
    private static readonly JsonSerializerOptions Web = new(JsonSerializerDefaults.Web);
    private static readonly DateTimeOffset Evening = new(2026, 12, 24, 10, 30, 0, TimeSpan.Zero);

    private static readonly ScheduleItem[] Two =
        [new(11, 2, Evening, SeatsTotal: 150, SeatsAvailable: 149), new(12, 2, Evening.AddDays(1), SeatsTotal: 90, SeatsAvailable: 90)];

    [Fact]
    public void The_spliced_bytes_are_the_json_of_the_schedules() => Assert.Equal(Two, Read(new(default, Two, [1, 0])));

    [Fact]
    public void A_concert_without_schedules_has_an_empty_list() => Assert.Empty(Read(new(default, [], [])));

    [Fact]
    public void The_count_of_free_seats_follows_the_newest_change_only()
    {
        var list = new ScheduleList(default, Two, [1, 0]);

        var later = list.After(Change(12, version: 3, taken: 8)).After(Change(12, version: 2, taken: 7)).After(Change(99, version: 1, taken: 1));

        Assert.Equal([149, 82], Read(later).Select(item => item.SeatsAvailable));
        Assert.Equal((1, 4), (list.Version, later.Version));
    }

    private static SeatsChanged Change(long schedule, long version, int taken) => new(2, schedule, version, taken, default, null);

    private static IReadOnlyList<ScheduleItem> Read(ScheduleList list)
    {
        var output = new ArrayBufferWriter<byte>();
        list.WriteTo(output);
        return JsonSerializer.Deserialize<ScheduleItems>(output.WrittenSpan, Web)!.Items;
    }
}
