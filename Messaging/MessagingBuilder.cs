using MassTransit;
using Microsoft.Extensions.DependencyInjection;

namespace Messaging;

/// <summary>What a service says about its messages.</summary>
public sealed class MessagingBuilder
{
    internal List<Subscription> Subscriptions { get; } = [];

    internal bool HasDatabase { get; private set; }

    /// <summary>Keeps outbox and inbox in the service's database; its schema takes <c>typeof(OutboxMessage).Assembly</c> along.</summary>
    public void UseDatabase() => HasDatabase = true;

    /// <summary>Consumes a topic as a group. Events that have no consumer here are passed over.</summary>
    public void Consume(string topic, string group, Action<ConsumerRegistration> consumers)
    {
        var registration = new ConsumerRegistration();
        consumers(registration);
        Subscriptions.Add(new Subscription(topic, group, registration.EventTypes, registration.Register));
    }

    /// <summary>The consumers of one topic.</summary>
    public sealed class ConsumerRegistration
    {
        internal HashSet<Type> EventTypes { get; } = [];

        internal Action<IMediatorRegistrationConfigurator> Register { get; private set; } = _ => { };

        public void Add<TConsumer>() where TConsumer : class, IConsumer
        {
            Register += mediator => mediator.AddConsumer<TConsumer>();
            EventTypes.UnionWith(typeof(TConsumer).GetInterfaces()
                .Where(i => i.IsGenericType && i.GetGenericTypeDefinition() == typeof(IConsumer<>))
                .Select(i => i.GetGenericArguments()[0]));
        }
    }
}

/// <summary>One topic that this service consumes.</summary>
internal sealed record Subscription(string Topic, string Group, IReadOnlySet<Type> EventTypes, Action<IMediatorRegistrationConfigurator> Register)
{
    public bool Handles(string messageType) => EventTypes.Any(t => t.Name == messageType);
}
