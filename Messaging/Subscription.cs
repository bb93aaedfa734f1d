using System.Text;
using System.Text.Json.Serialization.Metadata;
using Contracts;

namespace Messaging;

/// <summary>One topic that this service consumes, and the events of it that it cares for.</summary>
internal sealed class Subscription(string topic, string group, Type[] events)
{
    private readonly (byte[] Name, JsonTypeInfo Json)[] handled = [.. events.Select(e => (
        Encoding.UTF8.GetBytes(e.Name),
        IntegrationEvents.Find(e.Name) ?? throw new InvalidOperationException($"{e.Name} is no integration event of Contracts.")))];

    public string Topic { get; } = topic;

    public string Group { get; } = group;

    public string DeadLetters { get; } = Topics.DeadLetters(topic, group);

    public IReadOnlyList<Type> Events { get; } = events;

    public KeyValuePair<string, object?>[] Tags { get; } = [new("topic", topic), new("group", group)];

    /// <summary>How that event is read; null when nobody here cares for it. Called for each record, so without a string.</summary>
    public JsonTypeInfo? Find(ReadOnlySpan<byte> messageType)
    {
        foreach (var (name, json) in handled)
        {
            if (messageType.SequenceEqual(name))
                return json;
        }
        return null;
    }
}
