using Local.Installing;
using Local.Processes;

namespace Publishing.Tests;

/// <summary>Programs that judge what we wrote. Where one cannot be had, its tests say that they did not check.</summary>
internal static class Tool
{
    private static readonly SemaphoreSlim OneAtATime = new(1, 1);

    /// <summary>The path of a program, from Debian's package where it is missing and may be installed.</summary>
    internal static async Task<string> RequireAsync(string program, string package)
    {
        await OneAtATime.WaitAsync(TestContext.Current.CancellationToken);
        try
        {
            if (Programs.OnPath(program) is null && Installer.Apt is { } apt)
            {
                var installer = new Installer(apt, mayInstall: true, TestContext.Current.TestOutputHelper!.WriteLine);
                await installer.InstallMissingAsync([new Requirement(package, program, () => Programs.OnPath(program) is not null)], TestContext.Current.CancellationToken);
            }
        }
        catch (Aspire.Hosting.DistributedApplicationException e)
        {
            TestContext.Current.TestOutputHelper!.WriteLine(e.Message);
        }
        finally
        {
            OneAtATime.Release();
        }
        Assert.SkipWhen(Programs.OnPath(program) is null, $"NOT CHECKED: {program} is not on this machine (Debian's package {package}).");
        return Programs.OnPath(program)!;
    }
}
