namespace Contracts;

/// <summary>The Kafka topics, and how the topic of a consumer group's dead letters is called.</summary>
public static class Topics
{
    /// <summary>What happens to seats; keyed by schedule, so that one schedule's events stay in order.</summary>
    public const string Reservations = "reservations";

    /// <summary>What happens to money; keyed by reservation.</summary>
    public const string Payments = "payments";

    public const int Partitions = 12;

    public static string DeadLetters(string topic, string group) => $"{topic}.{group}.dlq";
}
