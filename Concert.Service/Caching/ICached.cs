namespace ConcertService;

/// <summary>Something that <see cref="ResponseCache{TKey,TValue}"/> can keep: it knows its weight and when it was read.</summary>
public interface ICached
{
    int MemoryBytes { get; }

    Reading Reading { get; }
}

/// <summary>When and of what something was read from the database.</summary>
/// <param name="DataSet">Version of the data set.</param>
/// <param name="Session">Which connection of the <see cref="SeatFeed"/> has told all changes since; see <see cref="SeatFeed.Session"/>.</param>
/// <param name="StaticUntil">The venue's midnight: what never changes in a data set is read again then.</param>
public readonly record struct Reading(long DataSet, long Session, DateTimeOffset At, DateTimeOffset StaticUntil);
