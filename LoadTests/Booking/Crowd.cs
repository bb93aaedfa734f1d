namespace LoadTests.Booking;

/// <summary>The customers of a run, each signed in once before the load starts, handed out in a seeded random order so that all spend alike.</summary>
internal sealed class Crowd
{
    private const int SignInsAtOnce = 32;

    private readonly User[] users;
    private long turn = -1;

    private Crowd(User[] users) => this.users = users;

    public static async Task<Crowd> SignInAsync(BookingApi api, DataSet data, int count, int seed, CancellationToken cancel)
    {
        var random = new Random(seed);
        var ids = Enumerable.Range(1, data.Users).Select(i => (long)i).ToArray();
        random.Shuffle(ids);
        var signedIn = new User[Math.Min(count, ids.Length)];
        await Parallel.ForAsync(
            0, signedIn.Length, new ParallelOptions { MaxDegreeOfParallelism = SignInsAtOnce, CancellationToken = cancel },
            async (i, token) => signedIn[i] = new User(ids[i], $"Bearer {await api.SignInAsync(ids[i], token)}"));
        return new Crowd(signedIn);
    }

    public User Next() => users[Interlocked.Increment(ref turn) % users.Length];
}
