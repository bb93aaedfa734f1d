using System.Diagnostics;
using MassTransit;
using MassTransit.Mediator;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Messaging;

/// <summary>Lets messages take effect: all of them in one transaction with their inbox rows, or none.</summary>
internal sealed partial class MessageEffect(
    Subscription subscription, IServiceScopeFactory scopes, NpgsqlDataSource? db, ILogger<MessageEffect> logger)
{
    /// <exception cref="Exception">Whatever a consumer or the commit threw; nothing has happened then, as far as the database is concerned.</exception>
    public async Task ApplyAsync(IReadOnlyList<ReceivedMessage> messages, CancellationToken cancel)
    {
        await using var scope = scopes.CreateAsyncScope();
        var transaction = scope.ServiceProvider.GetRequiredService<MessageTransaction>();
        // The scoped mediator gives consumers this scope instead of one of their own, and so this transaction.
        var mediator = scope.ServiceProvider.GetRequiredService<IScopedMediator>();
        if (db is null)
        {
            foreach (var message in messages)
                await DispatchAsync(message, transaction, mediator, cancel);
        }
        else
        {
            await using var connection = await db.OpenConnectionAsync(cancel);
            await using var begun = await connection.BeginTransactionAsync(cancel);
            transaction.Begin(begun);
            var fresh = await Inbox.EnterAsync(transaction, subscription.Group, messages, cancel);
            foreach (var message in messages)
            {
                // Removed, because the same poll may bring a message twice.
                if (fresh.Remove(message.Id))
                    await DispatchAsync(message, transaction, mediator, cancel);
            }
            await transaction.CommitAsync(cancel);
        }
        AfterCommit(transaction);
    }

    private async Task DispatchAsync(ReceivedMessage message, MessageTransaction transaction, IScopedMediator mediator, CancellationToken cancel)
    {
        transaction.MessageId = message.Id;
        using var span = Span(message);
        try
        {
            await mediator.Publish(message.Event, message.EventType, new WithMessageId(message.Id), cancel);
        }
        catch (Exception e)
        {
            span?.SetStatus(ActivityStatusCode.Error, e.Message);
            throw;
        }
    }

    // The effect is certain by now: what fails here is a hint that got lost, and no reason to do it all again.
    private void AfterCommit(MessageTransaction transaction)
    {
        try
        {
            transaction.RunAfterCommit();
        }
        catch (Exception e)
        {
            HintLost(logger, e, subscription.Topic);
        }
    }

    private Activity? Span(ReceivedMessage message)
    {
        if (!MessagingMetrics.Spans.HasListeners() || message.TraceParent is not { } parent)
            return null;
        var span = MessagingMetrics.Spans.StartActivity($"process {subscription.Topic}", ActivityKind.Consumer, parent);
        span?.SetTag("messaging.system", "kafka")
            .SetTag("messaging.operation.type", "process")
            .SetTag("messaging.destination.name", subscription.Topic)
            .SetTag("messaging.consumer.group.name", subscription.Group)
            .SetTag("messaging.message.id", message.Id.ToString())
            .SetTag("messaging.destination.partition.id", message.Record.Partition.Value.ToString())
            .SetTag("messaging.kafka.offset", message.Record.Offset.Value)
            .SetTag("message.type", message.EventType.Name);
        return span;
    }

    private sealed class WithMessageId(Guid id) : IPipe<PublishContext>
    {
        public Task Send(PublishContext context)
        {
            context.MessageId = id;
            return Task.CompletedTask;
        }

        public void Probe(ProbeContext context)
        {
        }
    }

    [LoggerMessage(LogLevel.Warning, "What was to follow a commit of messages from {Topic} failed")]
    private static partial void HintLost(ILogger logger, Exception exception, string topic);
}
