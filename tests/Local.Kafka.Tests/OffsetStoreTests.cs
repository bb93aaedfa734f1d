using Local.Kafka.Groups;
using Microsoft.Extensions.Logging.Abstractions;

namespace Local.Kafka.Tests;

public sealed class OffsetStoreTests : IDisposable
{
    private readonly TemporaryDirectory directory = new();

    private string Journal => Path.Combine(directory.Path, "offsets");

    [Fact]
    public void Commits_and_deletions_are_there_after_a_crash()
    {
        var store = Open();
        Commit(store, "a", "t", 0, 5);
        Commit(store, "a", "t", 0, 6);
        Commit(store, "a", "u", 1, 7);
        Commit(store, "b", "t", 0, 8);
        store.DeleteTopic("u");
        store.DeleteGroup("b");
        using var reopened = Open();
        Assert.Equal(6, Find(reopened, "a", "t", 0));
        Assert.Equal(-1, Find(reopened, "a", "u", 1));
        Assert.Equal(["a"], reopened.Groups);
        store.Dispose();
    }

    [Fact]
    public void A_torn_entry_is_cut_off_and_those_before_it_stay()
    {
        using (var store = Open())
        {
            Commit(store, "a", "t", 0, 1);
            Commit(store, "a", "t", 0, 2);
        }
        using (var file = File.Open(Journal, FileMode.Open)) file.SetLength(file.Length - 1);
        using (var store = Open())
        {
            Assert.Equal(1, Find(store, "a", "t", 0));
            Commit(store, "a", "t", 0, 3);
        }
        using var last = Open();
        Assert.Equal(3, Find(last, "a", "t", 0));
    }

    [Fact]
    public void The_journal_is_written_anew_when_most_of_it_is_out_of_date()
    {
        const int Commits = 3_000;
        var metadata = new string('m', 4_000);
        using (var store = Open())
        {
            for (var offset = 0; offset < Commits; offset++) Commit(store, "a", "t", offset % 3, offset, metadata);
        }
        Assert.InRange(new FileInfo(Journal).Length, 1, Commits * 4_000 / 2);
        using var reopened = Open();
        Assert.Equal([Commits - 3, Commits - 2, Commits - 1], Enumerable.Range(0, 3).Select(partition => Find(reopened, "a", "t", partition)));
    }

    public void Dispose() => directory.Dispose();

    private OffsetStore Open() => new(Journal, new Log.Disk(FlushPolicy.System), NullLogger<OffsetStore>.Instance);

    private static void Commit(OffsetStore store, string group, string topic, int partition, long offset, string? metadata = null) =>
        store.Commit([(new OffsetKey(group, topic, partition), new CommittedOffset(offset, -1, metadata, 1))]);

    private static long Find(OffsetStore store, string group, string topic, int partition) => store.Find(new OffsetKey(group, topic, partition)).Offset;
}
