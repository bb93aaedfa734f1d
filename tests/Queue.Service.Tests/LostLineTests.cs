using QueueService.Domain;
using Testing;

namespace QueueService.Tests;

/// <summary>Redis loses its memory: the line re-forms from the tickets that people present.</summary>
public sealed class LostLineTests(Infrastructure stores)
{
    [Fact]
    public async Task The_order_is_kept_and_nobody_overtakes()
    {
        using var line = await LineUnderTest.CreateAsync(stores, places: 0);
        var tokens = await line.JoinAllAsync(users: 10);
        await line.LoseAsync();

        var newcomer = line.Token(100, await line.JoinAsync(100));
        await line.LimitAsync(places: 1_000);
        foreach (var token in tokens.AsEnumerable().Reverse())
            Assert.Equal(TicketStatus.Waiting, await line.CheckAsync(token));
        Assert.Equal(TicketStatus.Waiting, await line.CheckAsync(newcomer));
        Assert.Equal(11, await line.PositionAsync(newcomer));

        await line.LimitAsync(places: 4);
        await line.StepAsync(line.Options.ReformFor);
        Assert.Equal([1, 2, 3, 4], await line.AdmittedAsync([.. tokens, newcomer]));
        await line.LimitAsync(places: 10);
        await line.StepAsync();
        Assert.Equal(Enumerable.Range(1, 10).Select(u => (long)u), await line.AdmittedAsync([.. tokens, newcomer]));
        await line.LimitAsync(places: 11);
        await line.StepAsync();
        Assert.Equal(TicketStatus.Admitted, await line.CheckAsync(newcomer));
    }

    [Fact]
    public async Task A_replica_that_saw_people_wait_admits_no_newcomer_before_them()
    {
        using var line = await LineUnderTest.CreateAsync(stores, places: 0);
        var tokens = await line.JoinAllAsync(users: 2);
        await line.LoseAsync();
        await line.LimitAsync(places: 1);

        Assert.Equal(TicketStatus.Waiting, (await line.JoinAsync(100)).Status);
        Assert.Equal(TicketStatus.Waiting, await line.CheckAsync(tokens[1]));
        await line.StepAsync(line.Options.ReformFor);
        Assert.Equal(TicketStatus.Admitted, await line.CheckAsync(tokens[1]));
    }

    [Fact]
    public async Task A_line_in_which_nobody_waited_admits_at_once_again()
    {
        using var line = await LineUnderTest.CreateAsync(stores, places: 10);
        await line.JoinAllAsync(users: 2);
        await line.LoseAsync();

        Assert.Equal(TicketStatus.Admitted, (await line.JoinAsync(3)).Status);
    }

    [Fact]
    public async Task Of_two_tickets_that_a_user_shows_at_the_same_moment_one_takes_its_place()
    {
        using var line = await LineUnderTest.CreateAsync(stores, places: 0);
        var earlier = line.Token(1, await line.JoinAsync(1));
        await line.LeaveAsync(earlier);
        var later = line.Token(1, await line.JoinAsync(1));
        var other = line.Token(2, await line.JoinAsync(2));
        await line.LoseAsync();

        // While the first call is under way the other two wait, and go together.
        var standings = await Task.WhenAll(line.CheckAsync(other), line.CheckAsync(later), line.CheckAsync(earlier));

        Assert.Equal([TicketStatus.Waiting, TicketStatus.Waiting, TicketStatus.Expired], standings);
        Assert.Equal(2, (await line.StepAsync()).Reformed);
    }

    [Fact]
    public async Task Numbers_are_never_handed_out_twice()
    {
        using var line = await LineUnderTest.CreateAsync(stores, places: 100);
        var numbers = new List<long>();
        for (var life = 0; life < 5; life++)
        {
            numbers.AddRange((await line.JoinAllAsync(users: 20)).Select(t => t.Ticket));
            await line.LoseAsync();
        }

        Assert.Equal(100, numbers.Distinct().Count());
        Assert.Equal(numbers.Order(), numbers);
    }

    [Fact]
    public async Task A_store_that_went_back_in_time_begins_a_new_life()
    {
        using var line = await LineUnderTest.CreateAsync(stores, places: 0);
        var tokens = await line.JoinAllAsync(users: 6);
        await line.RollBackAsync(tickets: 3);

        var newcomer = line.Token(100, await line.JoinAsync(100));
        Assert.True(newcomer.Ticket > tokens[^1].Ticket);
        Assert.Equal(TicketStatus.Waiting, await line.CheckAsync(tokens[5]));
        foreach (var token in tokens)
            Assert.Equal(TicketStatus.Waiting, await line.CheckAsync(token));
        await line.LimitAsync(places: 6);
        await line.StepAsync(line.Options.ReformFor);
        Assert.Equal([1, 2, 3, 4, 5, 6], await line.AdmittedAsync([.. tokens, newcomer]));
    }

    [Fact]
    public async Task A_replica_that_remembers_nothing_learns_it_from_the_ticket()
    {
        using var line = await LineUnderTest.CreateAsync(stores, places: 0);
        var tokens = await line.JoinAllAsync(users: 6);
        await line.RollBackAsync(tickets: 3);

        using var other = line.OtherReplica();
        Assert.Equal(TicketStatus.Waiting, await other.CheckAsync(tokens[5]));
        Assert.True((await other.JoinAsync(100)).Ticket > tokens[^1].Ticket);
    }

    [Fact]
    public async Task Who_asks_for_a_ticket_again_after_a_roll_back_keeps_the_place()
    {
        using var line = await LineUnderTest.CreateAsync(stores, places: 0);
        var tokens = await line.JoinAllAsync(users: 6);
        await line.RollBackAsync(tickets: 1);

        var again = await line.JoinAsync(3);
        Assert.Equal((tokens[2].Ticket, false, TicketStatus.Waiting), (again.Ticket, again.IsNew, again.Status));
    }

    [Fact]
    public async Task A_ticket_re_forms_the_line_once()
    {
        using var line = await LineUnderTest.CreateAsync(stores, places: 1);
        var tokens = await line.JoinAllAsync(users: 3);
        await line.LoseAsync();
        await line.LimitAsync(places: 1);
        foreach (var token in tokens)
            await line.CheckAsync(token);
        await line.StepAsync(line.Options.ReformFor);
        Assert.Equal(TicketStatus.Admitted, await line.CheckAsync(tokens[0]));
        await line.CheckAsync(tokens[1]);
        await line.LeaveAsync(tokens[0]);
        await line.StepAsync();

        Assert.Equal(TicketStatus.Expired, await line.CheckAsync(tokens[0]));
        Assert.Equal(TicketStatus.Admitted, await line.CheckAsync(tokens[1]));
        await line.CompleteAsync(tokens[1]);
        await line.StepAsync();
        Assert.Equal(TicketStatus.Completed, await line.CheckAsync(tokens[1]));
        Assert.Equal(TicketStatus.Admitted, await line.CheckAsync(tokens[2]));
    }

    [Fact]
    public async Task Who_left_while_the_line_was_lost_stays_away()
    {
        using var line = await LineUnderTest.CreateAsync(stores, places: 0);
        var tokens = await line.JoinAllAsync(users: 2);
        await line.LoseAsync();
        await line.LeaveAsync(tokens[0]);

        Assert.Equal(TicketStatus.Expired, await line.CheckAsync(tokens[0]));
        Assert.Equal(TicketStatus.Waiting, await line.CheckAsync(tokens[1]));
    }

    [Fact]
    public async Task A_ticket_as_old_as_an_idle_line_has_expired()
    {
        using var line = await LineUnderTest.CreateAsync(stores, places: 0);
        var token = (await line.JoinAllAsync(users: 1))[0];
        await line.LoseAsync();
        line.Time.Advance(line.Options.IdleFor);

        Assert.Equal(TicketStatus.Expired, await line.CheckAsync(token));
        Assert.Null((await line.OtherReplica().StepAsync()).Epoch);
    }

    [Fact]
    public async Task A_paused_sale_stays_paused()
    {
        using var line = await LineUnderTest.CreateAsync(stores, places: 5);
        await line.LimitAsync(places: 5, perSecond: 0.5, paused: true);
        var tokens = await line.JoinAllAsync(users: 2);
        await line.LoseAsync();

        foreach (var token in tokens)
            Assert.Equal(TicketStatus.Waiting, await line.CheckAsync(token));
        await line.StepAsync(line.Options.ReformFor);
        using var other = line.OtherReplica();
        Assert.Equal(TicketStatus.Waiting, (await other.JoinAsync(100)).Status);
        Assert.Equal((5, 0.5, true), Limits((await other.StepAsync()).Limits));
        Assert.Empty(await line.AdmittedAsync(tokens));
    }

    [Fact]
    public async Task A_pause_of_a_line_without_people_is_not_forgotten_either()
    {
        using var line = await LineUnderTest.CreateAsync(stores, places: 5);
        await line.LimitAsync(places: 5, paused: true);
        line.Time.Advance(LineMemory.Forgets + TimeSpan.FromSeconds(1));
        line.Memory.ForgetIdle();
        await line.LoseAsync();

        Assert.True((await line.StepAsync()).Limits.Paused);
        Assert.Equal(TicketStatus.Waiting, (await line.JoinAsync(1)).Status);
    }

    [Fact]
    public async Task An_hour_of_sale_still_to_come_is_kept()
    {
        using var line = await LineUnderTest.CreateAsync(stores, places: 0);
        var opensAt = line.Time.GetUtcNow() + TimeSpan.FromMinutes(1);
        await line.LimitAsync(places: 1, opensAt: opensAt);
        await line.LoseAsync();

        var first = line.Token(1, await line.JoinAsync(1));
        Assert.Equal(opensAt.ToUnixTimeMilliseconds(), (await line.StepAsync()).Limits.OpensAt?.ToUnixTimeMilliseconds());
        Assert.Equal(TicketStatus.Waiting, await line.CheckAsync(first));
        await line.StepAsync(TimeSpan.FromMinutes(1));
        Assert.Equal(TicketStatus.Admitted, await line.CheckAsync(first));
    }

    [Fact]
    public async Task What_an_operator_says_after_the_loss_is_not_undone_by_a_replica_that_missed_it()
    {
        using var line = await LineUnderTest.CreateAsync(stores, places: 5);
        await line.LimitAsync(places: 5, paused: true);
        using var other = line.OtherReplica();
        await line.LoseAsync();
        await other.LimitAsync(places: 7);

        Assert.Equal((7, 1_000_000, false), Limits((await line.StepAsync()).Limits));
    }

    private static (long, double, bool) Limits(LineLimits limits) => (limits.MaxActive, limits.AdmitPerSecond, limits.Paused);

    [Fact]
    public async Task The_shuffled_keep_their_turns()
    {
        using var line = await LineUnderTest.CreateAsync(stores, places: 0);
        await line.LimitAsync(places: 0, opensAt: line.Time.GetUtcNow() + TimeSpan.FromSeconds(1));
        var tokens = await line.JoinAllAsync(users: 30);
        var shuffle = (await line.StepAsync(TimeSpan.FromSeconds(1))).Shuffle;
        await line.LoseAsync();
        foreach (var token in tokens)
            await line.CheckAsync(token);
        await line.LimitAsync(places: 10);
        await line.StepAsync(line.Options.ReformFor);

        Assert.Equal(
            tokens.OrderBy(t => shuffle.TurnOf(t.Ticket)).Take(10).Select(t => t.UserId).Order(),
            await line.AdmittedAsync(tokens));
    }
}
