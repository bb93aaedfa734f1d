using Confluent.Kafka;

namespace Aspire.Confluent.Kafka;

/// <summary>Settings of a Kafka consumer.</summary>
public sealed class KafkaConsumerSettings
{
    /// <summary>The bootstrap servers; <c>ConnectionStrings:&lt;name&gt;</c> overrides it.</summary>
    public string? ConnectionString { get; set; }

    public ConsumerConfig Config { get; } = new();

    public bool DisableMetrics { get; set; }

    public bool DisableTracing { get; set; }

    public bool DisableHealthChecks { get; set; }
}
