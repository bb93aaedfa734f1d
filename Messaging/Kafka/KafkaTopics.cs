using Confluent.Kafka;
using Confluent.Kafka.Admin;
using Contracts;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Messaging;

/// <summary>Makes the topics that are missing, with the partitions that this system wants instead of the broker's default, and looks at them.</summary>
internal sealed partial class KafkaTopics(IConfiguration configuration, IOptions<MessagingOptions> options, TimeProvider time, ILogger<KafkaTopics> logger)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    /// <summary>Returns when they exist, however long Kafka is away.</summary>
    public async Task EnsureAsync(IReadOnlyCollection<string> topics, CancellationToken cancel)
    {
        if (topics.Count == 0)
            return;
        using var admin = new AdminClientBuilder(new AdminClientConfig { BootstrapServers = KafkaSettings.BootstrapServers(configuration) })
            .SetLogHandler((_, _) => { }).Build();
        for (var failures = 1; ; failures++)
        {
            try
            {
                await CreateAsync(admin, topics).WaitAsync(cancel);
                return;
            }
            catch (KafkaException e)
            {
                Waiting(logger, string.Join(", ", topics), e.Error.Reason);
                await Task.Delay(options.Value.Retry.After(failures), time, cancel);
            }
        }
    }

    /// <summary>True when the topic is gone, or a group at rest has no more members than it has partitions.</summary>
    public static bool IsGoneOrEnoughForAll(Handle client, Subscription subscription)
    {
        using var admin = new DependentAdminClientBuilder(client).Build();
        var partitions = admin.GetMetadata(subscription.Topic, Patience).Topics.Sum(t => t.Partitions.Count);
        return partitions == 0 || (admin.ListGroup(subscription.Group, Patience) is { State: "Stable" } group && group.Members.Count <= partitions);
    }

    private static async Task CreateAsync(IAdminClient admin, IReadOnlyCollection<string> topics)
    {
        try
        {
            await admin.CreateTopicsAsync(topics.Select(Specify), new CreateTopicsOptions { RequestTimeout = Patience, OperationTimeout = Patience });
        }
        catch (CreateTopicsException e) when (e.Results.TrueForAll(r => r.Error.Code is ErrorCode.NoError or ErrorCode.TopicAlreadyExists))
        {
        }
    }

    // Dead letters are few, and one partition keeps them in one order.
    private static TopicSpecification Specify(string topic) => new()
    {
        Name = topic,
        NumPartitions = topic.EndsWith(".dlq", StringComparison.Ordinal) ? 1 : Topics.Partitions,
        ReplicationFactor = -1,
    };

    [LoggerMessage(LogLevel.Warning, "Kafka cannot make {Topics} now: {Reason}")]
    private static partial void Waiting(ILogger logger, string topics, string reason);
}
