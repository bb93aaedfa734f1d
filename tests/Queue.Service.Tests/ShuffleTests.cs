using QueueService.Domain;

namespace QueueService.Tests;

public sealed class ShuffleTests
{
    [Fact]
    public void Every_ticket_has_one_turn_among_the_shuffled()
    {
        for (var count = 0; count <= 130; count++)
        {
            var shuffle = new Shuffle(1_000, 1_000 + count, "seed");
            var tickets = Enumerable.Range(1_001, count).Select(t => (long)t);
            Assert.Equal(tickets, tickets.Select(shuffle.TurnOf).Order());
        }
    }

    [Fact]
    public void Others_keep_their_number()
    {
        var shuffle = new Shuffle(10, 20, "seed");

        Assert.Equal([9, 10, 21, 22], new long[] { 9, 10, 21, 22 }.Select(shuffle.TurnOf));
    }

    [Fact]
    public void Another_seed_is_another_order()
        => Assert.NotEqual(Turns(new Shuffle(0, 100, "one")), Turns(new Shuffle(0, 100, "two")));

    [Fact]
    public void Coming_early_is_no_advantage()
    {
        const int Sales = 400, Users = 100;
        var firstUser = Enumerable.Range(0, Sales).Select(sale => new Shuffle(0, Users, $"sale {sale}").TurnOf(1)).ToArray();

        // Mean of a uniform turn: 50.5, with a standard error of 1.44 over these sales.
        Assert.InRange(firstUser.Average(), 44, 57);
        // Each tenth of the line holds a tenth of them: chi-squared with 9 degrees of freedom stays below 27.9 (p = 0.001).
        var chi = Enumerable.Range(0, 10).Sum(d => Math.Pow(firstUser.Count(t => (t - 1) / 10 == d) - 40, 2) / 40);
        Assert.InRange(chi, 0, 27.9);
    }

    [Fact]
    public void Neighbours_do_not_stay_neighbours()
    {
        var pairs = Enumerable.Range(0, 10).Select(sale => Turns(new Shuffle(0, 1_000, $"sale {sale}")))
            .Sum(turns => turns.Zip(turns.Skip(1)).Count(p => Math.Abs(p.First - p.Second) == 1));

        // By chance it happens to two in each sale.
        Assert.InRange(pairs, 5, 40);
    }

    private static long[] Turns(Shuffle shuffle)
        => [.. Enumerable.Range(1, (int)shuffle.To).Select(t => shuffle.TurnOf(t))];
}
