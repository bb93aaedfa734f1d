using Confluent.Kafka;

namespace Aspire.Confluent.Kafka;

/// <summary>Settings of a Kafka producer.</summary>
public sealed class KafkaProducerSettings
{
    /// <summary>The bootstrap servers; <c>ConnectionStrings:&lt;name&gt;</c> overrides it.</summary>
    public string? ConnectionString { get; set; }

    public ProducerConfig Config { get; } = new();

    public bool DisableMetrics { get; set; }

    public bool DisableTracing { get; set; }

    public bool DisableHealthChecks { get; set; }
}
