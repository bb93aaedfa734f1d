using Contracts;
using LoadTests.Booking;
using LoadTests.Scenarios;

namespace LoadTests.Drills;

/// <summary>Kafka carries the news between the services; the outboxes keep it meanwhile.</summary>
internal static class KafkaDrills
{
    private const string Later = "Why were confirmations late? Services hear of each other only through Kafka; the outboxes kept what happened until it was back.";
    private const string Single = "Why is there one broker? On one machine there is one; the deployment has three, and topics of three copies.";
    private static readonly TimeSpan LetterWithin = TimeSpan.FromSeconds(20);

    public static IEnumerable<Drill> All =>
    [
        new("kafka-kill", "The Kafka broker is killed, and killed again whenever it is back.",
            "No call fails: holds and payments go to the outbox; all of it is delivered once, after the broker is back.",
            site => site.WhileAsync(over => site.Parts.KeepDownAsync(ResourceNames.Kafka, over)))
        {
            Unharmed = Steps.Booking,
            Whys = ["Why did the outboxes grow? The broker crashed again and again.", Later, Single],
            Actions = new("None: the outboxes drained by themselves.", "Three brokers.", "None."),
        },
        new("kafka-freeze", "The Kafka broker keeps its connections and answers nothing.",
            "No call fails; all is delivered once, after the broker is back.",
            async site => { using (site.Parts.Freeze(ResourceNames.Kafka)) await site.LastAsync(); })
        {
            Unharmed = Steps.Booking,
            Whys = ["Why did the outboxes grow? The broker took connections and never answered.", Later, Single],
            Actions = new("Restart the broker.", "Three brokers.", "None."),
        },
        new("poison-message", "One customer's payment brings out a bug: the message that would confirm the seat fails, every time.",
            "The message is set aside with its cause, all others pass, and a replay after the fix confirms the seat.", SpreadPoisonAsync)
        {
            Unharmed = Steps.Booking,
            AfterwardsAsync = ReplayAsync,
            Whys = ["Why was a paid seat not confirmed? The consumer failed at this one message, four times.", "Why did it not stop the others? It was set aside as a dead letter.", "Why was the bug not found before? For people to answer."],
            Actions = new("Fix, then replay the dead letter (the drill has).", "A test with this customer's data.", "None."),
        },
    ];

    private static async Task SpreadPoisonAsync(FaultSite site)
    {
        // Among the next to come, whoever they are.
        var victim = site.Load.NextUser();
        await using var poison = await Poison.SpreadAsync(site.Stores.ReservationDb, victim.Id, site.Cancel);
        await site.Load.BringAsync(victim);
        await site.LastAsync();
    }

    private static async Task<string?> ReplayAsync(FaultSite site)
    {
        using var letters = await DeadLetters.OfAsync(site.System.Reservation, site.System.Queue, site.Cancel);
        var began = site.Time.GetTimestamp();
        while (await letters.ListAsync(site.Cancel) is { Count: 0 })
        {
            if (site.Time.GetElapsedTime(began) > LetterWithin) return "The message was not set aside.";
            await Task.Delay(TimeSpan.FromSeconds(1), site.Time, site.Cancel);
        }
        var letter = (await letters.ListAsync(site.Cancel))[0];
        if (letter.Error?.Contains(Poison.Cause, StringComparison.Ordinal) is not true) return $"The dead letter does not tell its cause: {letter.Error}";
        var left = await letters.ReplayAsync(site.Cancel);
        return left == 0 ? null : $"{left} dead letters remain after the replay.";
    }
}
