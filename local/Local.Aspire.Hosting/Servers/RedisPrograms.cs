using Local.Processes;

namespace Local.Servers;

/// <summary>A program that speaks Redis's protocol, and its command line.</summary>
internal sealed record RedisProgram(string Path, Func<RedisServer, ChildCommand> Command);

internal static class RedisPrograms
{
    internal static RedisProgram? Find() =>
        Programs.OnPath("redis-server") is { } redis
            ? new RedisProgram(redis, server => new ChildCommand(redis, server.ConfigurationFile))
            : null;
}
