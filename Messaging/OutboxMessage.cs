using System.Diagnostics;
using Contracts;

namespace Messaging;

/// <summary>An event on its way out, as a row that the business transaction inserts beside its own.</summary>
/// <param name="Id">The message id that consumers tell doubles by.</param>
/// <param name="AggregateType">The topic.</param>
/// <param name="AggregateId">The key: messages of one key stay in order.</param>
/// <param name="Type">The event's name.</param>
/// <param name="Payload">The event as JSON.</param>
/// <param name="TraceParent">The request that caused it.</param>
public sealed record OutboxMessage(Guid Id, string AggregateType, string AggregateId, string Type, byte[] Payload, string? TraceParent)
{
    /// <summary>The columns that a slice's own statement fills; everything else has a default.</summary>
    public const string Columns = "id, aggregatetype, aggregateid, type, payload, traceparent";

    public static OutboxMessage Create<T>(string topic, string key, T integrationEvent) where T : class => new(
        Guid.CreateVersion7(), topic, key, IntegrationEvents.NameOf<T>(), IntegrationEvents.Serialize(integrationEvent), Activity.Current?.Id);
}
