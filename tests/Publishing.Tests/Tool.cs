using Local.Processes;
using Testing;

namespace Publishing.Tests;

/// <summary>Programs that judge what we wrote. Where one cannot be had, its tests say that they did not check.</summary>
internal static class Tool
{
    /// <summary>The path of a program, from Debian's package where it is missing and may be installed.</summary>
    internal static async Task<string> RequireAsync(string program, string package)
    {
        try
        {
            await Machine.NeedsAsync(package, program);
        }
        catch (Aspire.Hosting.DistributedApplicationException e)
        {
            TestContext.Current.TestOutputHelper!.WriteLine(e.Message);
        }
        Assert.SkipWhen(Programs.OnPath(program) is null, $"NOT CHECKED: {program} is not on this machine (Debian's package {package}).");
        return Programs.OnPath(program)!;
    }
}
