using Aspire.StackExchange.Redis;
using StackExchange.Redis;

namespace Aspire;

internal static class RedisConnection
{
    /// <summary>Opens a multiplexer that goes on connecting in the background when the server is not there yet.</summary>
    public static ConnectionMultiplexer Open(string connectionName, StackExchangeRedisSettings settings, Action<ConfigurationOptions>? configureOptions)
    {
        if (string.IsNullOrWhiteSpace(settings.ConnectionString))
            throw new InvalidOperationException(
                $"ConnectionString is missing. It should be provided in 'ConnectionStrings:{connectionName}' or under the 'ConnectionString' key in 'Aspire:StackExchange:Redis'.");

        var options = ConfigurationOptions.Parse(settings.ConnectionString);
        options.AbortOnConnectFail = false;
        configureOptions?.Invoke(options);

        var connection = ConnectionMultiplexer.Connect(options);
        // With the default, answers wait for each other's continuations: one that blocks would stop all later ones for ever.
        connection.PreserveAsyncOrder = false;
        return connection;
    }
}
