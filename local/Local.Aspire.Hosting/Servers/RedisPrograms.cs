using Local.Processes;

namespace Local.Servers;

/// <summary>The programs that serve Redis's protocol: redis-server, else Garnet, which the tool manifest (.config/dotnet-tools.json) brings.</summary>
internal static class RedisPrograms
{
    private static readonly string Packages =
        Environment.GetEnvironmentVariable("NUGET_PACKAGES") ?? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget/packages");

    internal static string? Redis => Programs.OnPath("redis-server");

    /// <summary>The tool itself: <c>dotnet tool run</c> would put a process between it and us.</summary>
    internal static string? Garnet
    {
        get
        {
            var tool = new DirectoryInfo(Path.Combine(Packages, "garnet-server"));
            return tool.Exists
                ? tool.EnumerateFiles("GarnetServer.dll", SearchOption.AllDirectories).OrderByDescending(f => f.FullName, StringComparer.Ordinal).FirstOrDefault()?.FullName
                : null;
        }
    }

    internal static ChildCommand Command(string configurationFile, string dataDirectory) =>
        Redis is { } redis ? new ChildCommand(redis, configurationFile)
        : Garnet is { } garnet ? GarnetCommand(garnet, configurationFile, dataDirectory)
        : throw new FileNotFoundException("redis-server is not installed.");

    /// <summary>Garnet understands the port, address and password of a redis.conf; the rest it wants to be told.</summary>
    internal static ChildCommand GarnetCommand(string garnet, string configurationFile, string dataDirectory) =>
        new(Programs.DotNet, garnet,
            "--config-import-path", configurationFile, "--config-import-format", "RedisConf",
            "--auth", "Password", "--checkpointdir", dataDirectory, "--aof", "--aof-commit-freq", "1000", "--recover",
            "--lua", "--lua-transaction-mode", "--memory", "1g",
            // Its default device wants libaio, which a bare machine does not have.
            "--device-type", "RandomAccess");
}
