using Confluent.Kafka;
using Contracts;
using MassTransit;
using Messaging;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace Microsoft.Extensions.Hosting;

/// <summary>Adds the outbox's relay and the consumers to a service.</summary>
public static class MessagingExtensions
{
    public static void AddMessaging(this IHostApplicationBuilder builder, Action<MessagingBuilder> configure)
    {
        var messaging = new MessagingBuilder();
        configure(messaging);
        KafkaSettings.BootstrapServers(builder.Configuration);
        AddOptions(builder);
        // Not being ready while Kafka is away would stop the very requests that the outbox keeps going.
        builder.AddKafkaProducer<byte[], byte[]>(ResourceNames.Kafka, settings =>
        {
            KafkaSettings.Configure(settings.Config);
            settings.DisableHealthChecks = true;
        });
        builder.Services
            .AddSingleton<MessagingMetrics>()
            .AddSingleton<KafkaTopics>()
            .AddSingleton<ConsumerLag>()
            .AddSingleton<DeadLetterDepth>()
            .AddScoped<MessageTransaction>()
            .AddMediator(mediator => messaging.Consumers.ForEach(add => add(mediator)));
        if (messaging.HasDatabase)
            builder.Services.AddOutbox();
        foreach (var subscription in messaging.Subscriptions)
            builder.Services.AddSubscription(subscription, messaging.HasDatabase);
    }

    /// <summary>The operators' endpoints for dead letters, and where there is an outbox for its re-feed.</summary>
    public static void MapDeadLetters(this IEndpointRouteBuilder app)
    {
        ListDeadLetters.Map(app);
        ReplayDeadLetters.Map(app);
        if (app.ServiceProvider.GetService<IOutbox>() is not null)
            RefeedOutbox.Map(app);
    }

    private static void AddOptions(IHostApplicationBuilder builder)
    {
        var keepSent = builder.Environment.IsDevelopment() ? TimeSpan.FromHours(1) : TimeSpan.FromDays(7);
        builder.Services.AddOptions<MessagingOptions>().BindConfiguration(MessagingOptions.Section)
            .PostConfigure(o => o.KeepSent ??= keepSent)
            .Validate(o => o.PollInterval > TimeSpan.Zero, "Messaging:PollInterval must be positive.")
            .Validate(o => o.Gather >= TimeSpan.Zero && o.Gather <= TimeSpan.FromSeconds(1), "Messaging:Gather must be between 0 and 1 s.")
            .Validate(o => o.Lease >= TimeSpan.FromSeconds(1), "Messaging:Lease must be at least a second.")
            .Validate(o => o.RelayBatch is >= 1 and <= 10_000, "Messaging:RelayBatch must be between 1 and 10,000.")
            .Validate(o => o.ConsumeBatch is >= 1 and <= 10_000, "Messaging:ConsumeBatch must be between 1 and 10,000.")
            .Validate(o => o.Attempts is >= 1 and <= 100, "Messaging:Attempts must be between 1 and 100.")
            .Validate(o => o.FirstPause > TimeSpan.Zero && o.LongestPause >= o.FirstPause, "Messaging:FirstPause must be positive and at most Messaging:LongestPause.")
            .Validate(o => o.KeepSent > TimeSpan.Zero, "Messaging:KeepSent must be positive.")
            .ValidateOnStart();
    }

    private static void AddOutbox(this IServiceCollection services) => services
        .AddSingleton<OutboxTable>()
        .AddSingleton<RelayLease>()
        .AddSingleton<OutboxBell>()
        .AddSingleton<IOutbox>(s => s.GetRequiredService<OutboxBell>())
        .AddHostedService(s => s.GetRequiredService<OutboxBell>())
        .AddHostedService<OutboxRelay>()
        .AddHostedService<MessageSweeper>();

    private static void AddSubscription(this IServiceCollection services, Subscription subscription, bool hasDatabase)
    {
        services
            .AddKeyedSingleton(subscription, (s, _) => Create<DeadLetterWriter>(s))
            .AddKeyedSingleton(subscription, (s, _) => new MessageEffect(
                subscription, s.GetRequiredService<IServiceScopeFactory>(), hasDatabase ? s.GetRequiredService<NpgsqlDataSource>() : null,
                s.GetRequiredService<Logging.ILogger<MessageEffect>>()))
            .AddSingleton(s => Create<DeadLetterLog>(s))
            .AddSingleton(s => Create<DeadLetterReplay>(s, Create<DeadLetterLog>(s), Effect(s), Letters(s)))
            .AddSingleton<IHostedService>(s => Create<TopicConsumer>(s, Create<BatchProcessor>(s, Effect(s), Letters(s))));

        T Create<T>(IServiceProvider provider, params object[] parts) => ActivatorUtilities.CreateInstance<T>(provider, [subscription, .. parts]);
        MessageEffect Effect(IServiceProvider provider) => provider.GetRequiredKeyedService<MessageEffect>(subscription);
        DeadLetterWriter Letters(IServiceProvider provider) => provider.GetRequiredKeyedService<DeadLetterWriter>(subscription);
    }
}
