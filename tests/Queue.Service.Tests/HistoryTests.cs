using FsCheck;
using FsCheck.Fluent;
using QueueService.Domain;
using ServiceDefaults.Tokens;
using Testing;

namespace QueueService.Tests;

/// <summary>Random lives of a line, on two replicas, compared with a model after every step.</summary>
public sealed class HistoryTests(Infrastructure stores)
{
    private const int Users = 8;

    public enum Act
    {
        Join,
        Check,
        Leave,
        Complete,
        Limit,
        Pause,
    }

    /// <summary>Something happens to a user so many seconds after what happened before.</summary>
    public sealed record Event(Act Act, int User, int Seconds);

    private static readonly Gen<Event> Events =
        from act in Gen.Frequency(
            (5, Gen.Constant(Act.Join)), (6, Gen.Constant(Act.Check)), (2, Gen.Constant(Act.Leave)), (2, Gen.Constant(Act.Complete)),
            (1, Gen.Constant(Act.Limit)), (1, Gen.Constant(Act.Pause)))
        from user in Gen.Choose(1, Users)
        from seconds in Gen.Frequency((8, Gen.Choose(1, 5)), (2, Gen.Choose(20, 100)), (1, Gen.Choose(500, 700)))
        select new Event(act, user, seconds);

    [Fact]
    public async Task A_line_lives_as_its_model_says()
    {
        using var line = await LineUnderTest.CreateAsync((await stores.RedisAsync()).ConnectionString);
        foreach (var history in Histories.Some(Events.ArrayOf(60), 60, size: 200))
            await LiveAsync(line.AnotherLine(), history);
    }

    private static async Task LiveAsync(LineUnderTest line, Event[] history)
    {
        LineUnderTest[] replicas = [line, line.OtherReplica()];
        var model = new LineModel(line.Options) { Places = 2 };
        await line.LimitAsync(places: 2);
        var tokens = new Dictionary<int, (QueueToken Token, LineModel.Ticket Ticket)>();

        foreach (var (index, (act, user, seconds)) in history.Index())
        {
            line.Time.Advance(TimeSpan.FromSeconds(seconds));
            model.Now = line.Time.GetUtcNow();
            var replica = replicas[index % 2];
            var known = tokens.TryGetValue(user, out var mine);
            switch (act)
            {
                case Act.Join:
                    var standing = await replica.JoinAsync(user);
                    var ticket = model.Join(user);
                    Assert.Equal(!known || ticket != mine.Ticket, standing.IsNew);
                    tokens[user] = (line.Token(user, standing), ticket);
                    break;
                case Act.Leave when known:
                    await replica.LeaveAsync(mine.Token);
                    LineModel.Leave(mine.Ticket);
                    break;
                case Act.Complete when known:
                    await replica.CompleteAsync(mine.Token);
                    LineModel.Complete(mine.Ticket);
                    break;
                case Act.Limit or Act.Pause:
                    model.Places = act == Act.Limit ? user % 4 : model.Places;
                    model.Paused = act == Act.Pause && !model.Paused;
                    await replica.LimitAsync(model.Places, paused: model.Paused);
                    break;
            }
            if (tokens.TryGetValue(user, out var shown))
                Assert.Equal(model.Check(shown.Ticket), await replica.CheckAsync(shown.Token));

            model.Step();
            var view = await replica.StepAsync(TimeSpan.Zero);
            Assert.True(model.Active == view.Active && model.Waiting == view.Waiting, $"after {index}: {string.Join(", ", history.Take(index + 1))}");
        }
    }
}
