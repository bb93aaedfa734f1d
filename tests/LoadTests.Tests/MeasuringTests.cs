using LoadTests.Booking;
using LoadTests.Measuring;
using LoadTests.Server;

namespace LoadTests.Tests;

public sealed class MeasuringTests
{
    [Fact]
    public void A_coarse_percentile_is_within_its_five_per_cent()
    {
        var histogram = new CoarseHistogram();
        for (var ms = 1; ms <= 1_000; ms++) histogram.Record(TimeSpan.FromMilliseconds(ms));
        Assert.InRange(histogram.PercentileMs(50), 500, 526);
        Assert.InRange(histogram.PercentileMs(99), 990, 1_041);
        Assert.Equal(1_000, histogram.Count);
    }

    [Fact]
    public void The_timeline_keeps_good_and_bad_apart()
    {
        var timeline = new Timeline();
        timeline.Record("pay", ok: true, TimeSpan.FromMilliseconds(10));
        timeline.Record("pay", ok: false, TimeSpan.FromSeconds(3));
        var points = timeline.Points();
        Assert.Equal((1, 1), (points.Sum(p => p.Ok), points.Sum(p => p.Failed)));
    }

    [Fact]
    public void Only_free_seats_are_read_from_a_map()
    {
        var map = """
            {"scheduleId":1,"version":7,"seats":[
              {"id":1,"section":"A","row":"1","number":1,"grade":"VIP","price":150000,"status":"available"},
              {"id":2,"section":"A","row":"1","number":2,"grade":"VIP","price":150000,"status":"held"},
              {"id":3,"section":"available","row":"1","number":3,"grade":"VIP","price":150000,"status":"sold"},
              {"id":4,"section":"A","row":"1","number":4,"grade":"VIP","price":150000,"status":"available"}]}
            """u8;
        Assert.Equal([1L, 4L], SeatMap.AvailableSeats(map));
    }

    [Fact]
    public void Only_schedules_with_free_seats_are_read_from_a_list()
    {
        var list = """
            {"items":[
              {"id":1,"concertId":9,"startsAt":"2026-12-01T10:00:00Z","seatsTotal":150,"seatsAvailable":150},
              {"id":2,"concertId":9,"startsAt":"2026-12-02T10:00:00Z","seatsTotal":150,"seatsAvailable":0},
              {"id":3,"concertId":9,"startsAt":"2026-12-03T10:00:00Z","seatsTotal":150,"seatsAvailable":1}]}
            """u8;
        Assert.Equal([1L, 3L], ScheduleListing.WithFreeSeats(list));
    }

    [Fact]
    public void A_metrics_page_is_summed_over_its_labels()
    {
        var page = MetricsPage.Parse("""
            # HELP outbox_pending Events not yet sent
            # TYPE outbox_pending gauge
            outbox_pending 3
            http_total{route="/a}b",code="200"} 5
            http_total{route="/\"x\"",code="500"} 2 1700000000
            broken_line
            """);
        Assert.Equal(3, page.Sum("outbox_pending"));
        Assert.Equal(7, page.Sum("http_total"));
        Assert.Equal(2, page.Sum("http_total", "code=\"500\""));
        Assert.Equal(5, page.Max("http_total"));
        Assert.Equal(0, page.Sum("missing"));
    }

    [Fact]
    public void A_process_tree_counts_this_process()
    {
        var usage = ProcessTree.Measure([Environment.ProcessId])[Environment.ProcessId];
        Assert.True(usage.CpuSeconds > 0);
        Assert.True(usage.ResidentBytes > 1_000_000);
        Assert.True(usage.Threads > 1);
    }
}
