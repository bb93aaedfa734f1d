using Aspire.Hosting;
using Local.Processes;

namespace Local.Installing;

/// <summary>
/// Gets what is missing from the distribution: on Debian and Ubuntu as root with apt-get, saying so first; anywhere else it
/// says what to install.
/// </summary>
internal sealed class Installer(string? apt, bool mayInstall, Action<string> say)
{
    /// <summary>Where installing works: as root, where there is apt-get.</summary>
    internal static string? Apt => LibC.IsRoot ? Programs.OnPath("apt-get") : null;

    internal string PolicyFile { get; init; } = ServicePolicy.DebiansFile;

    private bool UsesApt => mayInstall && apt is not null;

    internal async Task InstallMissingAsync(IReadOnlyList<Requirement> requirements, CancellationToken cancellationToken)
    {
        if (Missing(requirements).Count == 0)
            return;
        // One at a time on a machine: test programs run side by side, and each would take away the other's policy.
        using var turn = await InstallationLock.TakeAsync(cancellationToken);
        var missing = Missing(requirements);
        if (missing.Count == 0)
            return;
        if (mayInstall && apt is null && missing.Any(m => m.Tool is not null))
        {
            await RestoreToolsAsync(missing, cancellationToken);
            missing = Missing(requirements);
            if (missing.Count == 0)
                return;
        }
        if (!UsesApt)
            throw new DistributedApplicationException(Explain(missing));

        var packages = missing.Select(m => m.Package).ToList();
        say($"Installing {string.Join(", ", packages)} with apt-get (APPHOST_INSTALL=never forbids this).");
        // A fresh machine or container image has no package lists.
        if (!await TryInstallAsync(packages, cancellationToken))
        {
            await RunAsync(["update"], cancellationToken);
            await TryInstallAsync(packages, cancellationToken);
        }
        missing = Missing(requirements);
        if (missing.Count > 0)
            throw new DistributedApplicationException("apt-get did not install everything.\n" + Explain(missing));
    }

    // Where the package can be had, its substitute is not wanted.
    private List<Requirement> Missing(IEnumerable<Requirement> requirements) =>
        requirements.Where(r => !r.IsMet() && (UsesApt || !r.ToolIsThere())).ToList();

    private Task<int> RestoreToolsAsync(IReadOnlyList<Requirement> missing, CancellationToken cancellationToken)
    {
        say($"Restoring {string.Join(", ", missing.Select(m => m.Tool).OfType<string>())} as a dotnet tool (APPHOST_INSTALL=never forbids this).");
        // From our own folder, which lies below the manifest's.
        var restore = new ChildCommand(Programs.DotNet, "tool", "restore") { WorkingDirectory = AppContext.BaseDirectory };
        return ChildProcess.RunAsync(restore, line => say("  " + line), cancellationToken);
    }

    private async Task<bool> TryInstallAsync(IEnumerable<string> packages, CancellationToken cancellationToken)
    {
        // Debian's packages start a server of their own as they are installed, on the standard ports. A policy-rc.d that is there
        // for the length of the installation is Debian's own way to forbid that (invoke-rc.d(8)); it replaces nobody's.
        using var policy = ServicePolicy.ForbidStarts(PolicyFile);
        return await RunAsync(["install", "-y", "--no-install-recommends", .. packages], cancellationToken) == 0;
    }

    private Task<int> RunAsync(IEnumerable<string> arguments, CancellationToken cancellationToken) =>
        ChildProcess.RunAsync(
            new ChildCommand(apt!, ["-q", .. arguments])
            {
                Environment = new Dictionary<string, string?>(StringComparer.Ordinal) { ["DEBIAN_FRONTEND"] = "noninteractive" },
            },
            line => say("  " + line),
            cancellationToken);

    private static string Explain(IReadOnlyList<Requirement> missing) =>
        $"""
        Not installed on this machine:
        {string.Join('\n', missing.Select(m => $"  {m.Package,-14} {m.Purpose}"))}
        On Debian or Ubuntu: apt-get install {string.Join(' ', missing.Select(m => m.Package))}
        Or with containers and the real Aspire packages: dotnet run --project AppHost -p:UseAspirePackages=true
        """;
}
