using Confluent.Kafka;
using Microsoft.Extensions.Logging;

namespace Aspire;

internal static partial class KafkaLog
{
    /// <summary>librdkafka's own log line, at its own level.</summary>
    public static void Write(ILogger logger, LogMessage message)
    {
        var level = (LogLevel)message.LevelAs(LogLevelType.MicrosoftExtensionsLogging);
        Line(logger, level, message.Facility, message.Message);
    }

    [LoggerMessage("{Facility}: {Message}")]
    private static partial void Line(ILogger logger, LogLevel level, string facility, string message);
}
