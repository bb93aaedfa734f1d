using MassTransit;
using Messaging;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Microsoft.Extensions.Hosting;

/// <summary>Adds the outbox's relay and the consumers to a service.</summary>
public static class MessagingExtensions
{
    public static void AddMessaging(this IHostApplicationBuilder builder, Action<MessagingBuilder> configure)
    {
        var messaging = new MessagingBuilder();
        configure(messaging);
        builder.Services.AddScoped<MessageTransaction>();
        builder.Services.AddSingleton<IOutbox, SleepingOutbox>();
        builder.Services.AddMediator(mediator =>
        {
            foreach (var subscription in messaging.Subscriptions) subscription.Register(mediator);
        });
    }

    /// <summary>The operators' endpoints for dead letters.</summary>
    public static void MapDeadLetters(this IEndpointRouteBuilder app)
    {
    }

    private sealed class SleepingOutbox : IOutbox
    {
        public void Wake()
        {
        }
    }
}
