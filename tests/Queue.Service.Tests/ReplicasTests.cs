using QueueService.Domain;
using Testing;

namespace QueueService.Tests;

/// <summary>Several replicas serve one line, and none leads.</summary>
public sealed class ReplicasTests(Infrastructure stores)
{
    [Fact]
    public async Task Together_they_never_admit_more_than_there_are_places()
    {
        using var line = await LineUnderTest.CreateAsync(stores, places: 20);
        LineUnderTest[] replicas = [line, line.OtherReplica(), line.OtherReplica()];

        var standings = await Task.WhenAll(Enumerable.Range(1, 600).Select(user => replicas[user % 3].JoinAsync(user)));
        var admitted = standings.Count(s => s.Status == TicketStatus.Admitted);
        Assert.Equal(20, admitted);
        Assert.Equal(600, standings.Select(s => s.Ticket).Distinct().Count());

        line.Time.Advance(line.Options.StepEvery);
        var views = await Task.WhenAll(Enumerable.Range(0, 60).Select(i => replicas[i % 3].StepAsync(TimeSpan.Zero)));
        Assert.All(views, view => Assert.Equal(20, view.Active));
    }

    [Fact]
    public async Task Together_they_keep_to_the_rate()
    {
        using var line = await LineUnderTest.CreateAsync(stores, places: 0);
        await line.JoinAllAsync(users: 200);
        await line.LimitAsync(places: 1_000, perSecond: 10);
        LineUnderTest[] replicas = [line, line.OtherReplica(), line.OtherReplica()];

        for (var tenth = 0; tenth < 20; tenth++)
        {
            line.Time.Advance(line.Options.StepEvery);
            await Task.WhenAll(Enumerable.Range(0, 9).Select(i => replicas[i % 3].StepAsync(TimeSpan.Zero)));
        }

        Assert.Equal(10 + 19, (await line.StepAsync(TimeSpan.Zero)).Active);
    }

    [Fact]
    public async Task A_user_who_asks_all_of_them_at_once_gets_one_ticket()
    {
        using var line = await LineUnderTest.CreateAsync(stores, places: 1);
        LineUnderTest[] replicas = [line, line.OtherReplica(), line.OtherReplica()];

        var standings = await Task.WhenAll(Enumerable.Range(0, 30).Select(i => replicas[i % 3].JoinAsync(7)));

        Assert.Single(standings.Select(s => s.Ticket).Distinct());
        Assert.Single(standings, s => s.IsNew);
    }

    [Fact]
    public async Task A_hundred_thousand_people_come_in_one_rush_and_each_gets_a_ticket_of_their_own()
    {
        const int People = 100_000;
        using var line = await LineUnderTest.CreateAsync(stores, places: 100);
        LineUnderTest[] replicas = [line, line.OtherReplica()];

        var standings = new Standing[People];
        await Parallel.ForAsync(0, People, new ParallelOptions { MaxDegreeOfParallelism = 256 }, async (i, _) => standings[i] = await replicas[i % 2].JoinAsync(i + 1));

        var first = standings.Min(s => s.Ticket);
        Assert.Equal(Enumerable.Range(0, People).Select(i => first + i), standings.Select(s => s.Ticket).Order());
        Assert.All(standings, s => Assert.Equal(s.Ticket < first + 100, s.Status == TicketStatus.Admitted));

        var view = await line.StepAsync();
        Assert.Equal((People - 100, 100), (view.Waiting, view.Active));
        var last = standings.Index().MaxBy(s => s.Item.Ticket);
        Assert.Equal(People - 100, await line.PositionAsync(line.Token(last.Index + 1, last.Item)));
    }
}
