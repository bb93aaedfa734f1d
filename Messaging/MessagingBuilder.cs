using Contracts;
using MassTransit;

namespace Messaging;

/// <summary>What a service says about its messages.</summary>
public sealed class MessagingBuilder
{
    internal List<Subscription> Subscriptions { get; } = [];

    internal List<Action<IMediatorRegistrationConfigurator>> Consumers { get; } = [];

    internal bool HasDatabase { get; private set; }

    /// <summary>Keeps outbox and inbox in the service's database; its schema takes <c>typeof(OutboxMessage).Assembly</c> along.</summary>
    public void UseDatabase() => HasDatabase = true;

    /// <summary>Consumes a topic as a group. Events that have no consumer here are passed over.</summary>
    public void Consume(string topic, string group, Action<ConsumerRegistration> consumers)
    {
        var registration = new ConsumerRegistration(this);
        consumers(registration);
        // The mediator knows consumers by their event alone.
        if (Subscriptions.SelectMany(s => s.Events).Intersect(registration.Events).FirstOrDefault() is { } twice)
            throw new InvalidOperationException($"{twice.Name} is consumed from two topics or groups; a service takes an event from one.");
        Subscriptions.Add(new Subscription(topic, group, [.. registration.Events]));
    }

    /// <summary>The consumers of one topic.</summary>
    public sealed class ConsumerRegistration
    {
        private readonly MessagingBuilder messaging;

        internal ConsumerRegistration(MessagingBuilder messaging) => this.messaging = messaging;

        internal HashSet<Type> Events { get; } = [];

        public void Add<TConsumer>() where TConsumer : class, IConsumer
        {
            messaging.Consumers.Add(mediator => mediator.AddConsumer<TConsumer>());
            Events.UnionWith(typeof(TConsumer).GetInterfaces()
                .Where(i => i.IsGenericType && i.GetGenericTypeDefinition() == typeof(IConsumer<>))
                .Select(i => i.GetGenericArguments()[0]));
        }
    }
}
