using Local.Installing;
using Local.Processes;

namespace Aspire.Hosting.Tests;

public sealed class InstallerTests
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Nothing_is_installed_where_that_is_forbidden_but_everything_missing_is_named()
    {
        var installer = new Installer("/bin/false", mayInstall: false, _ => { });
        var error = await Assert.ThrowsAsync<DistributedApplicationException>(() => installer.InstallMissingAsync(
            [new Requirement("postgresql", "the database", () => false), new Requirement("redis-server", "the cache", () => true)], Cancelled));
        Assert.Contains("apt-get install postgresql", error.Message, StringComparison.Ordinal);
        Assert.Contains("-p:UseAspirePackages=true", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("redis-server", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_missing_is_announced_and_installed_after_an_update_where_the_lists_are_empty()
    {
        var folder = Directory.CreateTempSubdirectory("installer-tests-").FullName;
        var apt = Path.Combine(folder, "apt-get");
        var installed = Path.Combine(folder, "installed");
        // Knows no package before the first update, as on a fresh machine.
        await File.WriteAllTextAsync(apt, $"""
            #!/bin/sh
            echo "$@"
            case "$*" in
              *update*) touch {folder}/lists ;;
              *install*) test -e {folder}/policy-rc.d && test -e {folder}/lists && touch {installed} ;;
            esac
            """, Cancelled);
        File.SetUnixFileMode(apt, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        var said = new List<string>();

        await new Installer(apt, mayInstall: true, said.Add) { PolicyFile = Path.Combine(folder, "policy-rc.d") }.InstallMissingAsync(
            [new Requirement("redis-server", "the cache", () => File.Exists(installed))], Cancelled);

        Assert.StartsWith("Installing redis-server", said[0], StringComparison.Ordinal);
        Assert.Contains(said, line => line.Contains("update", StringComparison.Ordinal));
        Assert.True(File.Exists(installed));
        Assert.False(File.Exists(Path.Combine(folder, "policy-rc.d")));
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public void A_link_that_a_removed_package_left_behind_is_not_an_installed_program()
    {
        var folder = Directory.CreateTempSubdirectory("installer-tests-").FullName;
        var link = Path.Combine(folder, "postgres");
        File.CreateSymbolicLink(link, Path.Combine(folder, "removed"));
        Assert.False(Programs.IsThere(link));
        File.WriteAllText(Path.Combine(folder, "removed"), "");
        Assert.True(Programs.IsThere(link));
        Directory.Delete(folder, recursive: true);
    }

    [Theory]
    [InlineData(null, true)]
    [InlineData("/bin/false", false)]
    public async Task A_substitute_is_content_enough_only_where_the_package_cannot_be_had(string? apt, bool enough)
    {
        var installed = new Installer(apt, mayInstall: true, _ => { }).InstallMissingAsync(
            [new Requirement("redis-server", "the cache", () => false) { Tool = "garnet-server", ToolIsThere = () => true }], Cancelled);
        if (enough)
            await installed;
        else
            await Assert.ThrowsAsync<DistributedApplicationException>(() => installed);
    }
}
