using System.Runtime.InteropServices;
using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Local.Containers;
using Local.Processes;
using Local.Servers;

namespace Local.Installing;

/// <summary>Something of the operating system that the model cannot run without.</summary>
internal sealed record Requirement(string Package, string Purpose, Func<bool> IsMet)
{
    /// <summary>A tool of the manifest that serves as well, where there is no apt-get.</summary>
    public string? Tool { get; init; }

    public Func<bool> ToolIsThere { get; init; } = () => false;

    internal static Requirement Program(string package, string program) => new(package, $"the program {program}", () => Programs.OnPath(program) is not null);
}

internal static class Requirements
{
    private static readonly Requirement Postgres = new("postgresql", "the PostgreSQL server", () => PostgresBinaries.Exist);
    private static readonly Requirement Redis = new("redis-server", "the Redis server", () => RedisPrograms.Redis is not null)
    {
        Tool = "garnet-server",
        ToolIsThere = () => RedisPrograms.Garnet is not null,
    };

    private static readonly Requirement KafkaLibrary = new("librdkafka1", "the native library of the services' Kafka client", () => HasLibrary("librdkafka.so.1"));

    /// <summary>What the stores and the services' clients of them need.</summary>
    internal static IReadOnlyList<Requirement> Stores { get; } = [Postgres, Redis, KafkaLibrary];

    internal static IReadOnlyList<Requirement> Of(IEnumerable<IResource> resources) =>
        resources.SelectMany(Of).Distinct().ToList();

    private static IEnumerable<Requirement> Of(IResource resource) => resource switch
    {
        PostgresServerResource => [Postgres],
        RedisResource => [Redis],
        KafkaServerResource => [KafkaLibrary],
        _ when ContainerProgram.Of(resource) is { } program => [new(program.Package, program.Purpose, () => Programs.OnPath(program.Executable) is not null)],
        _ => [],
    };

    private static bool HasLibrary(string name)
    {
        if (!NativeLibrary.TryLoad(name, out var handle))
            return false;
        NativeLibrary.Free(handle);
        return true;
    }
}
