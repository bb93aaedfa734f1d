using System.Text.Json;
using System.Text.Json.Nodes;
using Contracts;

namespace Publishing.Tests;

/// <summary>
/// Two versions of the system run side by side during every rollout, and read each other's events. A file under golden/ is an event as one
/// version wrote it, and stays for ever: <c>ReservationHeld.v1.json</c>. Whoever adds a member adds a file of the next version.
/// </summary>
public sealed class EventCompatibilityTests
{
    private static readonly string Folder = Path.Combine(Repository.Root, "tests", "Publishing.Tests", "golden");

    public static TheoryData<string> Golden => [.. Directory.GetFiles(Folder, "*.json").Select(f => Path.GetFileName(f)).Order(StringComparer.Ordinal)];

    [Fact]
    public void Every_event_has_a_golden_file()
    {
        var events = typeof(IntegrationEvents).Assembly.GetTypes().Where(t => IntegrationEvents.Find(t.Name) is not null).Select(t => t.Name);
        Assert.Equal(events.Order(StringComparer.Ordinal), Golden.Select(f => NameOf(f.Data)).Distinct().Order(StringComparer.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Golden))]
    public void What_was_written_once_is_read_for_ever(string file)
    {
        var old = JsonNode.Parse(Read(file))!.AsObject();
        var now = Rewritten(file, Read(file));
        // Nothing that the old version said is lost or changed.
        foreach (var (name, value) in old)
            Assert.True(JsonNode.DeepEquals(value, now[name]), $"{file}: {name} was {value?.ToJsonString()} and is {now[name]?.ToJsonString()}");
    }

    [Theory]
    [MemberData(nameof(Golden))]
    public void What_a_later_version_adds_is_passed_over(string file)
    {
        var later = JsonNode.Parse(Read(file))!.AsObject();
        later["addedLater"] = "text";
        later["addedLaterToo"] = new JsonObject { ["inside"] = new JsonArray(1, 2) };
        Assert.True(JsonNode.DeepEquals(Rewritten(file, Read(file)), Rewritten(file, later.ToJsonString())));
    }

    [Fact]
    public void The_newest_golden_file_is_what_is_written_today()
    {
        foreach (var versions in Directory.GetFiles(Folder, "*.json").Select(f => Path.GetFileName(f)!).GroupBy(NameOf))
        {
            var newest = versions.MaxBy(VersionOf)!;
            Assert.True(
                JsonNode.DeepEquals(JsonNode.Parse(Read(newest)), Rewritten(newest, Read(newest))),
                $"{versions.Key} is not written as in {newest} any more: add golden/{versions.Key}.v{VersionOf(newest) + 1}.json");
        }
    }

    [Fact]
    public void An_event_of_a_later_version_is_nobodys()
    {
        Assert.Null(IntegrationEvents.Find("ReservationTransferred"));
    }

    [Fact]
    public void Values_of_enumerations_keep_their_words()
    {
        Assert.Subset(Enum.GetNames<PaymentMethod>().ToHashSet(), new HashSet<string> { "Points", "Card" });
        Assert.Subset(Enum.GetNames<ReleaseReason>().ToHashSet(), new HashSet<string> { "Cancelled", "Expired" });
    }

    private static JsonObject Rewritten(string file, string json)
    {
        var type = IntegrationEvents.Find(NameOf(file))!;
        return JsonSerializer.SerializeToNode(JsonSerializer.Deserialize(json, type), type)!.AsObject();
    }

    private static string Read(string file) => File.ReadAllText(Path.Combine(Folder, file));

    private static string NameOf(string file) => file.Split('.')[0];

    private static int VersionOf(string file) => int.Parse(file.Split('.')[1][1..]);
}
