using Local.Engine;
using Local.Installing;

namespace Testing;

/// <summary>What the tests need of the machine. What is missing is installed where that is possible and allowed, as the AppHost does.</summary>
public static class Machine
{
    /// <summary>PostgreSQL, Redis, and the library of the Kafka client.</summary>
    public static Task NeedsStoresAsync() => InstallAsync(Requirements.Stores);

    public static Task NeedsAsync(string package, string program) => InstallAsync([Requirement.Program(package, program)]);

    /// <summary>For a package whose use is not a program: a module of Python, for one.</summary>
    public static Task NeedsFileAsync(string package, string file) => InstallAsync([new Requirement(package, $"the file {file}", () => File.Exists(file))]);

    private static Task InstallAsync(IReadOnlyList<Requirement> requirements) =>
        new Installer(Installer.Apt, EngineOptions.InstallingIsAllowed(Environment.GetEnvironmentVariable("APPHOST_INSTALL")), _ => { })
            .InstallMissingAsync(requirements, CancellationToken.None);
}
