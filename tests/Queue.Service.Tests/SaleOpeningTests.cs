using QueueService.Domain;
using Testing;

namespace QueueService.Tests;

/// <summary>Before the hour of the sale there is no first.</summary>
public sealed class SaleOpeningTests(Infrastructure stores)
{
    private static readonly TimeSpan Wait = TimeSpan.FromSeconds(20);

    [Fact]
    public async Task Who_comes_before_the_opening_is_shuffled_and_who_comes_after_is_served_in_order()
    {
        using var line = await LineUnderTest.CreateAsync(stores, places: 1_000);
        await line.LimitAsync(places: 1_000, opensAt: line.Time.GetUtcNow() + Wait);
        var early = await line.JoinAllAsync(users: 200);
        Assert.Empty(await line.AdmittedAsync(early));
        await line.LimitAsync(places: 0, opensAt: line.Time.GetUtcNow() + Wait);

        line.Time.Advance(Wait);
        var late = line.Token(1_000, await line.JoinAsync(1_000));
        Assert.Equal(201, await line.PositionAsync(late));

        var shuffle = (await line.StepAsync()).Shuffle;
        var expected = early.OrderBy(t => shuffle.TurnOf(t.Ticket)).Select(t => t.UserId).ToArray();
        Assert.NotEqual(early.Select(t => t.UserId), expected);
        for (var places = 50; places <= 200; places += 50)
        {
            await line.LimitAsync(places);
            await line.StepAsync();
            Assert.Equal(expected.Take(places).Order(), await line.AdmittedAsync(early));
        }
        Assert.Equal(TicketStatus.Waiting, await line.CheckAsync(late));
        await line.LimitAsync(places: 201);
        await line.StepAsync();
        Assert.Equal(TicketStatus.Admitted, await line.CheckAsync(late));
    }

    [Fact]
    public async Task The_shuffled_are_told_positions_that_are_all_different()
    {
        using var line = await LineUnderTest.CreateAsync(stores, places: 0);
        await line.LimitAsync(places: 0, opensAt: line.Time.GetUtcNow() + Wait);
        var tokens = await line.JoinAllAsync(users: 50);
        line.Time.Advance(Wait);

        var positions = new List<long>();
        foreach (var token in tokens)
            positions.Add(await line.PositionAsync(token));
        Assert.Equal(Enumerable.Range(1, 50).Select(p => (long)p), positions.Order());
    }

    [Fact]
    public async Task Who_stood_there_before_the_sale_was_closed_stays_in_front()
    {
        using var line = await LineUnderTest.CreateAsync(stores, places: 0);
        var first = await line.JoinAllAsync(users: 5);
        await line.LimitAsync(places: 0, opensAt: line.Time.GetUtcNow() + Wait);
        await line.JoinAllAsync(users: 40);
        line.Time.Advance(Wait);

        await line.LimitAsync(places: 5);
        await line.StepAsync();
        Assert.Equal([1, 2, 3, 4, 5], await line.AdmittedAsync(first));
    }

    [Fact]
    public async Task An_operator_may_open_the_sale_before_its_hour()
    {
        using var line = await LineUnderTest.CreateAsync(stores, places: 10);
        await line.LimitAsync(places: 10, opensAt: line.Time.GetUtcNow() + Wait);
        var tokens = await line.JoinAllAsync(users: 3);
        await line.LimitAsync(places: 10);
        await line.StepAsync();

        Assert.Equal([1, 2, 3], await line.AdmittedAsync(tokens));
    }

    [Fact]
    public async Task A_sale_is_not_closed_again_while_those_of_its_opening_wait()
    {
        using var line = await LineUnderTest.CreateAsync(stores, places: 0);
        await line.LimitAsync(places: 0, opensAt: line.Time.GetUtcNow() + Wait);
        var tokens = await line.JoinAllAsync(users: 2);
        line.Time.Advance(Wait);

        Assert.False(await line.LimitAsync(places: 0, opensAt: line.Time.GetUtcNow() + Wait));
        await line.LimitAsync(places: 2);
        await line.StepAsync();
        Assert.Equal(2, (await line.AdmittedAsync(tokens)).Count);
        Assert.True(await line.LimitAsync(places: 2, opensAt: line.Time.GetUtcNow() + Wait));
    }

    [Fact]
    public async Task Who_waits_for_the_opening_is_told_when_it_comes()
    {
        using var line = await LineUnderTest.CreateAsync(stores, places: 10);
        var opensAt = line.Time.GetUtcNow() + Wait;
        await line.LimitAsync(places: 10, opensAt: opensAt);
        var standing = await line.JoinAsync(1);

        Assert.Equal(Wait, standing.Line.UntilOpening(line.Time.GetUtcNow()));
        line.Time.Advance(Wait);
        Assert.Equal(TimeSpan.Zero, standing.Line.UntilOpening(line.Time.GetUtcNow()));
    }
}
