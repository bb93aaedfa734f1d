using Testing;

namespace QueueService.Tests;

/// <summary>What a line leaves in the memory of Redis.</summary>
public sealed class UpkeepTests(Infrastructure stores)
{
    [Fact]
    public async Task Ended_places_leave_memory_when_the_next_user_comes()
    {
        using var line = await LineUnderTest.CreateAsync(stores, places: 100);
        await line.JoinAllAsync(users: 20);
        Assert.Equal(20, await line.PlacesInMemoryAsync());

        line.Time.Advance(line.Options.PlaceDuration + TimeSpan.FromSeconds(1));
        await line.JoinAsync(userId: 21);
        Assert.Equal(1, await line.PlacesInMemoryAsync());
    }

    [Fact]
    public async Task Ended_places_leave_memory_where_nobody_comes_any_more()
    {
        using var line = await LineUnderTest.CreateAsync(stores, places: 100);
        await line.JoinAllAsync(users: 20);

        await line.StepAsync(after: line.Options.PlaceDuration + TimeSpan.FromSeconds(1));
        Assert.Equal(0, await line.PlacesInMemoryAsync());
    }

    [Fact]
    public async Task Many_ended_places_leave_memory_step_by_step()
    {
        using var line = await LineUnderTest.CreateAsync(stores, places: 1_000);
        await line.JoinAllAsync(users: 600);

        await line.StepAsync(after: line.Options.PlaceDuration + TimeSpan.FromSeconds(1));
        Assert.Equal(100, await line.PlacesInMemoryAsync());
        await line.StepAsync();
        Assert.Equal(0, await line.PlacesInMemoryAsync());
    }

    [Fact]
    public async Task A_line_that_nobody_uses_is_forgotten_after_a_while_and_each_use_puts_that_off()
    {
        using var line = await LineUnderTest.CreateAsync(stores, places: 100);
        await line.JoinAsync(userId: 1);
        Assert.All([(await line.KeptForAsync()).Line, (await line.KeptForAsync()).Places], IsAboutIdleTime);

        await line.ShortenLifeAsync();
        line.Time.Advance(TimeSpan.FromMinutes(1));
        await line.JoinAsync(userId: 2);
        Assert.All([(await line.KeptForAsync()).Line, (await line.KeptForAsync()).Places], IsAboutIdleTime);

        void IsAboutIdleTime(TimeSpan? kept) => Assert.InRange(kept ?? TimeSpan.MaxValue, line.Options.IdleFor / 2, line.Options.IdleFor);
    }
}
