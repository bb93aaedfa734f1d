using System.Collections.Concurrent;

namespace LoadTests.Booking;

/// <summary>The customers of a run, each signed in once before the load starts, handed out in a seeded random order so that all spend alike.</summary>
internal sealed class Crowd
{
    private const int CallsAtOnce = 32;

    /// <summary>Some ten tickets' worth, so that a run does not end in empty wallets.</summary>
    private const long PutOnWallet = 2_000_000;

    private readonly User[] users;
    private readonly int firstConcert;
    private readonly ConcurrentDictionary<long, int> visits = new();
    private long turn = -1;

    private Crowd(User[] users, int firstConcert) => (this.users, this.firstConcert) = (users, firstConcert);

    public static async Task<Crowd> SignInAsync(BookingApi api, DataSet data, int count, int seed, CancellationToken cancel)
    {
        var random = new Random(seed);
        var ids = Enumerable.Range(1, data.Users).Select(i => (long)i).ToArray();
        random.Shuffle(ids);
        var signedIn = new User[Math.Min(count, ids.Length)];
        await Parallel.ForAsync(
            0, signedIn.Length, new ParallelOptions { MaxDegreeOfParallelism = CallsAtOnce, CancellationToken = cancel },
            async (i, token) => signedIn[i] = new User(ids[i], $"Bearer {await api.SignInAsync(ids[i], token)}"));
        return new Crowd(signedIn, random.Next(data.Concerts));
    }

    /// <summary>Customers put money on their wallets before they come.</summary>
    public Task FillWalletsAsync(BookingApi api, CancellationToken cancel) => Parallel.ForEachAsync(
        users, new ParallelOptions { MaxDegreeOfParallelism = CallsAtOnce, CancellationToken = cancel },
        async (user, token) => await api.ChargeAsync(user, PutOnWallet, token));

    public int Count => users.Length;

    /// <summary>Another concert at each visit of a customer: who could not pay at the last one still has a seat and a place in line there.</summary>
    public long NextConcert(User user, int concerts) => 1 + ((firstConcert + user.Id + visits.AddOrUpdate(user.Id, 0, (_, earlier) => earlier + 1)) % concerts);

    public User Next() => users[Interlocked.Increment(ref turn) % users.Length];
}
