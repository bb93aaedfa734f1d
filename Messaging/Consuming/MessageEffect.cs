using System.Text;
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
    private const int MostAtOnce = 32;

    /// <exception cref="Exception">Whatever a consumer or the commit threw; nothing has happened then, as far as the database is concerned.</exception>
    public async Task ApplyAsync(IReadOnlyList<ReceivedMessage> messages, CancellationToken cancel)
    {
        await using var scope = scopes.CreateAsyncScope();
        var transaction = scope.ServiceProvider.GetRequiredService<MessageTransaction>();
        // The scoped mediator gives consumers this scope instead of one of their own, and so this transaction.
        var mediator = scope.ServiceProvider.GetRequiredService<IScopedMediator>();
        using var spans = new ProcessSpans(subscription, messages);
        try
        {
            if (db is null)
                await DispatchSideBySideAsync(messages, mediator, spans, cancel);
            else
                await CommitAsync(db, messages, transaction, mediator, spans, cancel);
        }
        catch (Exception e)
        {
            spans.Fail(e);
            throw;
        }
        AfterCommit(transaction);
    }

    private async Task CommitAsync(
        NpgsqlDataSource database, IReadOnlyList<ReceivedMessage> messages, MessageTransaction transaction, IScopedMediator mediator, ProcessSpans spans,
        CancellationToken cancel)
    {
        await using var connection = await database.OpenConnectionAsync(cancel);
        await using var begun = await connection.BeginTransactionAsync(cancel);
        transaction.Begin(begun);
        var fresh = await Inbox.EnterAsync(transaction, subscription.Group, messages, cancel);
        await DispatchAsync(messages, fresh, transaction, mediator, spans, cancel);
        spans.EnterAll();
        await transaction.CommitAsync(cancel);
    }

    // Without a common transaction only messages of one key have to wait for each other.
    private static Task DispatchSideBySideAsync(IReadOnlyList<ReceivedMessage> messages, IScopedMediator mediator, ProcessSpans spans, CancellationToken cancel) =>
        Parallel.ForEachAsync(
            Enumerable.Range(0, messages.Count).GroupBy(i => Encoding.UTF8.GetString(messages[i].Record.Message.Key ?? [])),
            new ParallelOptions { MaxDegreeOfParallelism = MostAtOnce, CancellationToken = cancel },
            async (sameKey, ct) =>
            {
                foreach (var i in sameKey)
                {
                    spans.Enter(i);
                    await PublishAsync(messages[i], mediator, ct);
                }
            });

    /// <param name="fresh">Those that have not taken effect before.</param>
    private static async Task DispatchAsync(
        IReadOnlyList<ReceivedMessage> messages, HashSet<Guid> fresh, MessageTransaction transaction, IScopedMediator mediator, ProcessSpans spans,
        CancellationToken cancel)
    {
        for (var i = 0; i < messages.Count; i++)
        {
            var message = messages[i];
            // Removed, because the same poll may bring a message twice.
            if (!fresh.Remove(message.Id))
                continue;
            transaction.MessageId = message.Id;
            spans.Enter(i);
            await PublishAsync(message, mediator, cancel);
        }
    }

    private static Task PublishAsync(ReceivedMessage message, IScopedMediator mediator, CancellationToken cancel) =>
        mediator.Publish(message.Event, message.EventType, new WithMessageId(message.Id), cancel);

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
