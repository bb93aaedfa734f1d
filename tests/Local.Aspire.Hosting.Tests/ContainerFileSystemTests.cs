using Aspire.Hosting.ApplicationModel;
using Local.Containers;

namespace Aspire.Hosting.Tests;

/// <summary>A program that stands for a container finds its files where the container would.</summary>
public sealed class ContainerFileSystemTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("container-tests-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Mounts_volumes_and_files_are_at_their_paths()
    {
        var rules = Directory.CreateDirectory(Path.Combine(_folder, "rules")).FullName;
        await File.WriteAllTextAsync(Path.Combine(rules, "some.yml"), "groups:", TestContext.Current.CancellationToken);
        var files = await PrepareAsync(container => container
            .WithBindMount(rules, "/etc/prometheus/rules", isReadOnly: true)
            .WithVolume(name: null, "/prometheus")
            .WithContainerFiles("/etc/prometheus", (_, _) => Files("prometheus.yml", "rule_files: [rules/*.yml]")));

        Assert.Equal("groups:", await ReadAsync(files, "etc/prometheus/rules/some.yml"));
        Assert.Equal("rule_files: [rules/*.yml]", await ReadAsync(files, "etc/prometheus/prometheus.yml"));
        Assert.True(Directory.Exists(Path.Combine(files.Root, "prometheus")));
    }

    [Theory]
    [InlineData("--config.file=/etc/prometheus/prometheus.yml", "--config.file={root}/etc/prometheus/prometheus.yml")]
    [InlineData("/prometheus", "{root}/prometheus")]
    [InlineData("--web.path=/prometheus-other", "--web.path=/prometheus-other")]
    [InlineData("--log.level=info", "--log.level=info")]
    public async Task Arguments_that_name_a_path_of_the_container_name_the_files_here(string argument, string expected)
    {
        var files = await PrepareAsync(container => container
            .WithVolume(name: null, "/prometheus")
            .WithContainerFiles("/etc/prometheus", (_, _) => Files("prometheus.yml", "")));
        Assert.Equal(expected.Replace("{root}", files.Root, StringComparison.Ordinal), files.Translate(argument));
    }

    [Fact]
    public async Task A_mount_of_an_earlier_run_is_replaced()
    {
        foreach (var name in new[] { "before", "after" })
        {
            var source = Directory.CreateDirectory(Path.Combine(_folder, name)).FullName;
            await File.WriteAllTextAsync(Path.Combine(source, "file"), name, TestContext.Current.CancellationToken);
            var files = await PrepareAsync(container => container.WithBindMount(source, "/mounted"));
            Assert.Equal(name, await ReadAsync(files, "mounted/file"));
        }
    }

    private async Task<ContainerFileSystem> PrepareAsync(Action<IResourceBuilder<ContainerResource>> describe)
    {
        var container = DistributedApplication.CreateBuilder(["--state", _folder]).AddContainer("prometheus", "prom/prometheus", "v3");
        describe(container);
        var files = new ContainerFileSystem(container.Resource, Path.Combine(_folder, "state"));
        await files.PrepareAsync(TestContext.Current.CancellationToken);
        return files;
    }

    private static Task<IEnumerable<ContainerFileSystemItem>> Files(string name, string contents) =>
        Task.FromResult<IEnumerable<ContainerFileSystemItem>>([new ContainerFile { Name = name, Contents = contents }]);

    private static Task<string> ReadAsync(ContainerFileSystem files, string path) =>
        File.ReadAllTextAsync(Path.Combine(files.Root, path), TestContext.Current.CancellationToken);
}
