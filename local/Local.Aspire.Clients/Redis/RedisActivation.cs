using Microsoft.Extensions.Hosting;
using StackExchange.Redis;

namespace Aspire;

/// <summary>Connects at start, so that the first request does not pay for it.</summary>
internal sealed class RedisActivation(Func<IConnectionMultiplexer> connect) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken) => Task.Run(connect, cancellationToken);

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
