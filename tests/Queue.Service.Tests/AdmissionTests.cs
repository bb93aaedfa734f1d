using QueueService.Domain;
using Testing;

namespace QueueService.Tests;

/// <summary>Who gets a place, and when.</summary>
public sealed class AdmissionTests(Infrastructure stores)
{
    [Fact]
    public async Task Where_nobody_waits_and_a_place_is_free_a_user_is_admitted_at_once()
    {
        using var line = await LineUnderTest.CreateAsync(stores, places: 2);

        Assert.Equal(TicketStatus.Admitted, (await line.JoinAsync(1)).Status);
        Assert.Equal(TicketStatus.Admitted, (await line.JoinAsync(2)).Status);
        Assert.Equal(TicketStatus.Waiting, (await line.JoinAsync(3)).Status);
    }

    [Fact]
    public async Task Tickets_are_consecutive_and_served_in_their_order()
    {
        using var line = await LineUnderTest.CreateAsync(stores, places: 0);
        var tokens = await line.JoinAllAsync(users: 20);
        await line.LimitAsync(places: 7);
        await line.StepAsync();

        Assert.Equal(Enumerable.Range(0, 20).Select(i => tokens[0].Ticket + i), tokens.Select(t => t.Ticket));
        Assert.Equal([1, 2, 3, 4, 5, 6, 7], await line.AdmittedAsync(tokens));
        Assert.Equal(1, await line.PositionAsync(tokens[7]));
        Assert.Equal(13, await line.PositionAsync(tokens[19]));
    }

    [Fact]
    public async Task Nobody_overtakes_those_who_wait_when_a_place_is_free()
    {
        using var line = await LineUnderTest.CreateAsync(stores, places: 1);
        var tokens = await line.JoinAllAsync(users: 2);
        await line.LeaveAsync(tokens[0]);

        Assert.Equal(TicketStatus.Waiting, (await line.JoinAsync(3)).Status);
        await line.StepAsync();
        Assert.Equal(TicketStatus.Admitted, await line.CheckAsync(tokens[1]));
    }

    [Fact]
    public async Task Who_comes_at_the_same_moment_stands_in_the_order_of_coming_and_takes_the_free_places_in_it()
    {
        using var line = await LineUnderTest.CreateAsync(stores, places: 20);

        var standings = await Task.WhenAll(Enumerable.Range(1, 200).Select(user => line.JoinAsync(user)));

        Assert.Equal(Enumerable.Range(0, 200).Select(i => standings[0].Ticket + i), standings.Select(s => s.Ticket));
        Assert.Equal(Enumerable.Range(0, 200).Select(i => i < 20), standings.Select(s => s.Status == TicketStatus.Admitted));
        Assert.Equal((180, 20), ((await line.StepAsync()).Waiting, (await line.StepAsync()).Active));
    }

    [Fact]
    public async Task Who_leaves_or_books_at_the_same_moment_frees_the_places_of_all()
    {
        using var line = await LineUnderTest.CreateAsync(stores, places: 100);
        var tokens = await line.JoinAllAsync(users: 100);

        await Task.WhenAll(tokens.Select(token => token.UserId % 2 == 0 ? line.LeaveAsync(token) : line.CompleteAsync(token)));

        Assert.Equal(0, (await line.StepAsync()).Active);
        var standings = await Task.WhenAll(tokens.Select(line.CheckAsync));
        Assert.Equal(tokens.Select(t => t.UserId % 2 == 0 ? TicketStatus.Expired : TicketStatus.Completed), standings);
    }

    [Fact]
    public async Task A_user_who_asks_again_keeps_the_ticket()
    {
        using var line = await LineUnderTest.CreateAsync(stores, places: 1);
        var admitted = await line.JoinAsync(1);
        var waiting = await line.JoinAsync(2);
        line.Time.Advance(TimeSpan.FromSeconds(5));

        foreach (var (user, first) in new[] { (1, admitted), (2, waiting) })
        {
            var again = await line.JoinAsync(user);
            Assert.Equal((first.Ticket, first.Status, first.IssuedAt, first.PlaceEndsAt, false), (again.Ticket, again.Status, again.IssuedAt, again.PlaceEndsAt, again.IsNew));
        }
    }

    [Fact]
    public async Task The_rate_limits_how_many_are_admitted_however_many_places_are_free()
    {
        using var line = await LineUnderTest.CreateAsync(stores, places: 0);
        var tokens = await line.JoinAllAsync(users: 100);
        await line.LimitAsync(places: 1_000, perSecond: 10);

        var served = new List<long>();
        var before = (await line.StepAsync(TimeSpan.Zero)).Serving;
        for (var tenth = 0; tenth < 50; tenth++)
            served.Add((await line.StepAsync()).Serving - before);

        // A second's budget had been saved up.
        Assert.Equal(Enumerable.Range(10, 50).Select(n => (long)n), served);
        Assert.Equal(59, (await line.AdmittedAsync(tokens)).Count);
    }

    [Fact]
    public async Task A_rate_below_one_a_second_admits_one_each_time_it_has_saved_for_it()
    {
        using var line = await LineUnderTest.CreateAsync(stores, places: 10, perSecond: 0.5);
        await line.JoinAllAsync(users: 3);

        Assert.Equal(2, (await line.StepAsync()).Waiting);
        Assert.Equal(1, (await line.StepAsync(TimeSpan.FromSeconds(1.9))).Waiting);
        Assert.Equal(1, (await line.StepAsync(TimeSpan.FromSeconds(1))).Waiting);
        Assert.Equal(0, (await line.StepAsync(TimeSpan.FromSeconds(1))).Waiting);
    }

    [Fact]
    public async Task A_place_that_is_not_claimed_in_time_goes_to_the_next()
    {
        using var line = await LineUnderTest.CreateAsync(stores, places: 0);
        var tokens = await line.JoinAllAsync(users: 2);
        await line.LimitAsync(places: 1);
        await line.StepAsync();
        line.Time.Advance(line.Options.ClaimGrace - TimeSpan.FromSeconds(1));
        Assert.Equal(TicketStatus.Waiting, await line.CheckAsync(tokens[1]));
        await line.StepAsync(TimeSpan.FromSeconds(1));

        Assert.Equal(TicketStatus.Expired, await line.CheckAsync(tokens[0]));
        Assert.Equal(TicketStatus.Admitted, await line.CheckAsync(tokens[1]));
    }

    [Fact]
    public async Task A_claimed_place_ends_when_it_was_said_to_end()
    {
        using var line = await LineUnderTest.CreateAsync(stores, places: 1);
        var standing = await line.JoinAsync(1);
        var token = line.Token(1, standing);
        Assert.Equal(line.Time.GetUtcNow() + line.Options.PlaceDuration, standing.PlaceEndsAt);

        line.Time.Advance(line.Options.PlaceDuration - TimeSpan.FromMilliseconds(1));
        var later = await line.StandingAsync(token);
        Assert.Equal((TicketStatus.Admitted, standing.PlaceEndsAt), (later.Status, later.PlaceEndsAt));

        line.Time.Advance(TimeSpan.FromMilliseconds(1));
        Assert.Equal(TicketStatus.Expired, await line.CheckAsync(token));
        Assert.Equal(0, (await line.StepAsync()).Active);
        Assert.True((await line.JoinAsync(1)).IsNew);
    }

    [Fact]
    public async Task Who_leaves_frees_the_place_and_starts_again_at_the_end()
    {
        using var line = await LineUnderTest.CreateAsync(stores, places: 1);
        var tokens = await line.JoinAllAsync(users: 3);
        await line.LeaveAsync(tokens[0]);
        await line.LeaveAsync(tokens[0]);
        await line.LeaveAsync(tokens[1]);
        var again = await line.JoinAsync(2);
        await line.StepAsync();

        Assert.True(again.IsNew);
        Assert.Equal(TicketStatus.Expired, await line.CheckAsync(tokens[0]));
        Assert.Equal(TicketStatus.Expired, await line.CheckAsync(tokens[1]));
        Assert.Equal(TicketStatus.Admitted, await line.CheckAsync(tokens[2]));
        Assert.Equal(TicketStatus.Waiting, await line.CheckAsync(line.Token(2, again)));
    }

    [Fact]
    public async Task Who_gives_no_sign_is_passed_over_and_not_counted()
    {
        using var line = await LineUnderTest.CreateAsync(stores, places: 0);
        var tokens = await line.JoinAllAsync(users: 3);
        line.Time.Advance(line.Options.WaitingLease - TimeSpan.FromSeconds(1));
        await line.CheckAsync(tokens[1]);
        Assert.Equal(3, (await line.StepAsync()).Waiting);
        Assert.Equal(1, (await line.StepAsync(TimeSpan.FromSeconds(1))).Waiting);

        await line.LimitAsync(places: 1);
        await line.StepAsync();

        Assert.Equal([2], await line.AdmittedAsync(tokens));
        Assert.Equal(TicketStatus.Expired, await line.CheckAsync(tokens[0]));
    }

    [Fact]
    public async Task Who_comes_back_before_the_turn_was_called_still_has_it()
    {
        using var line = await LineUnderTest.CreateAsync(stores, places: 0);
        var tokens = await line.JoinAllAsync(users: 2);
        line.Time.Advance(2 * line.Options.WaitingLease);
        Assert.Equal(TicketStatus.Waiting, await line.CheckAsync(tokens[0]));
        await line.LimitAsync(places: 2);
        await line.StepAsync();

        Assert.Equal([1], await line.AdmittedAsync(tokens));
    }

    [Fact]
    public async Task Those_who_listen_keep_their_leases()
    {
        using var line = await LineUnderTest.CreateAsync(stores, places: 0);
        var tokens = await line.JoinAllAsync(users: 3);
        await line.LeaveAsync(tokens[2]);
        line.Time.Advance(line.Options.WaitingLease / 2);
        await line.Lines.RenewAsync(line.ConcertId, [.. tokens.Skip(1).Select(t => (t.Ticket, t.UserId))], CancellationToken.None);

        Assert.Equal(1, (await line.StepAsync(line.Options.WaitingLease / 2)).Waiting);
        Assert.Equal(TicketStatus.Expired, await line.CheckAsync(tokens[2]));
    }

    [Fact]
    public async Task A_paused_line_admits_nobody_and_goes_on_where_it_stood()
    {
        using var line = await LineUnderTest.CreateAsync(stores, places: 2);
        await line.LimitAsync(places: 2, paused: true);
        var tokens = await line.JoinAllAsync(users: 3);
        Assert.Empty(await line.AdmittedAsync(tokens));

        await line.LimitAsync(places: 2);
        await line.StepAsync();
        Assert.Equal([1, 2], await line.AdmittedAsync(tokens));
    }

    [Fact]
    public async Task Fewer_places_take_none_away_from_those_who_have_one()
    {
        using var line = await LineUnderTest.CreateAsync(stores, places: 3);
        var tokens = await line.JoinAllAsync(users: 4);
        await line.LimitAsync(places: 1);
        await line.LeaveAsync(tokens[0]);
        var view = await line.StepAsync();

        Assert.Equal((2, 1), (view.Active, view.Waiting));
        Assert.Equal([2, 3], await line.AdmittedAsync(tokens));
    }

    [Fact]
    public async Task A_completed_ticket_frees_its_place_once_and_says_so()
    {
        using var line = await LineUnderTest.CreateAsync(stores, places: 2);
        var tokens = await line.JoinAllAsync(users: 4);
        await line.CompleteAsync(tokens[0]);
        await line.CompleteAsync(tokens[0]);
        await line.StepAsync();

        Assert.Equal(TicketStatus.Completed, await line.CheckAsync(tokens[0]));
        Assert.Equal([2, 3], await line.AdmittedAsync(tokens));

        var again = await line.JoinAsync(1);
        Assert.Equal((true, TicketStatus.Waiting), (again.IsNew, again.Status));
        Assert.Equal(TicketStatus.Completed, await line.CheckAsync(tokens[0]));
    }

    [Fact]
    public async Task The_measured_rate_is_that_of_the_last_seconds()
    {
        using var line = await LineUnderTest.CreateAsync(stores, places: 0);
        await line.JoinAllAsync(users: 300);
        await line.LimitAsync(places: 1_000, perSecond: 5);
        for (var second = 0; second < 40; second++)
            await line.StepAsync(TimeSpan.FromSeconds(1));
        var view = await line.StepAsync();

        Assert.InRange(view.AdmittedPerSecond(line.Time.GetUtcNow()), 4.5, 5.5);
        Assert.InRange(view.AdmittedPerSecond(line.Time.GetUtcNow() + TimeSpan.FromMinutes(1)), 0, 0.05);
    }

    [Fact]
    public async Task The_measured_rate_of_people_who_come_one_by_one_is_how_often_they_come()
    {
        using var line = await LineUnderTest.CreateAsync(stores, places: 1_000);
        for (var user = 1; user <= 40; user++)
        {
            Assert.Equal(TicketStatus.Admitted, (await line.JoinAsync(user)).Status);
            line.Time.Advance(TimeSpan.FromSeconds(2));
        }
        var view = await line.StepAsync();

        Assert.InRange(view.AdmittedPerSecond(line.Time.GetUtcNow()), 0.3, 0.7);
    }
}
