using Local.Publishing;

namespace Publishing.Tests;

/// <summary>What is committed under deploy/ is what publishing writes.</summary>
public sealed class OutputTests
{
    [Theory]
    [InlineData("compose")]
    [InlineData("kubernetes")]
    [InlineData("manifest")]
    public async Task Publishing_again_gives_the_committed_bytes(string target)
    {
        var output = Repository.NewFolder();
        try
        {
            var (code, said) = await Repository.AppHostAsync("publish", "--target", target, "--output", output);
            Assert.True(code == 0, said);

            var committed = FilesOf(Repository.Deploy(target));
            var written = FilesOf(output);
            Assert.Equal(committed.Keys.Order(StringComparer.Ordinal), written.Keys.Order(StringComparer.Ordinal));
            foreach (var (path, bytes) in written)
                Assert.True(bytes.AsSpan().SequenceEqual(committed[path]), $"deploy/{target}/{path} differs: dotnet run --project AppHost -- publish --target {target} --output deploy/{target}");
        }
        finally
        {
            Delete(output);
        }
    }

    [Fact]
    public async Task Aspires_own_arguments_publish_too()
    {
        var output = Repository.NewFolder();
        try
        {
            var (code, said) = await Repository.AppHostAsync("--publisher", "manifest", "--output-path", Path.Combine(output, "app.json"));
            Assert.True(code == 0, said);
            Assert.Equal(await File.ReadAllTextAsync(Repository.Deploy("manifest", "aspire-manifest.json")), await File.ReadAllTextAsync(Path.Combine(output, "app.json")));
        }
        finally
        {
            Delete(output);
        }
    }

    [Theory]
    [InlineData("Unknown target 'swarm'", "--target", "swarm", "--output", "x")]
    [InlineData("Unknown target ''", "--target", "", "--output", "x")]
    [InlineData("--target is missing", "--output", "x")]
    [InlineData("--output is missing", "--target", "compose")]
    [InlineData("--output is missing", "--target", "kubernetes")]
    [InlineData("--output is missing", "--target", "manifest")]
    [InlineData("Unknown argument 'compose'", "compose", "--output", "x")]
    public async Task Mistakes_are_one_line_and_exit_code_2(string expected, params string[] arguments)
    {
        var (code, said) = await Repository.AppHostAsync(["publish", .. arguments]);
        Assert.Equal(2, code);
        Assert.StartsWith(expected, Assert.Single(said.Split('\n')), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("compose")]
    [InlineData("kubernetes")]
    [InlineData("manifest")]
    public async Task Every_target_refuses_somebody_elses_folder(string target)
    {
        var output = Directory.CreateTempSubdirectory("publishing-").FullName;
        try
        {
            await File.WriteAllTextAsync(Path.Combine(output, "theirs.txt"), "work", TestContext.Current.CancellationToken);
            var (code, said) = await Repository.AppHostAsync("publish", "--target", target, "--output", output);
            Assert.Equal(2, code);
            Assert.Contains("--force", Assert.Single(said.Split('\n')), StringComparison.Ordinal);
            Assert.Equal(["theirs.txt"], FilesOf(output).Keys);

            (code, said) = await Repository.AppHostAsync("publish", "--target", target, "--output", output, "--force");
            Assert.True(code == 0, said);
            Assert.Equal("work", await File.ReadAllTextAsync(Path.Combine(output, "theirs.txt"), TestContext.Current.CancellationToken));
        }
        finally
        {
            Delete(output);
        }
    }

    [Fact]
    public void Words_that_nobody_knows_are_named()
    {
        Refused("--target is missing", "publish", "--output", "x");
        Refused("Unknown argument '--taget'", "publish", "--taget", "compose", "--output", "x");
        Refused("Unknown argument '-x'", "publish", "-x", "--target", "compose", "--output", "x");
        Refused("--output needs a value", "publish", "--target", "compose", "--output", "--force");
        Refused("--target is missing", "--operation", "publish", "--step", "publish", "--output-path", "x");

        static void Refused(string expected, params string[] arguments)
        {
            var builder = Aspire.Hosting.DistributedApplication.CreateBuilder(arguments);
            Assert.True(builder.ExecutionContext.IsPublishMode);
            var e = Assert.Throws<PublishUsageException>(() => PublishArguments.Read(arguments, builder.Configuration));
            Assert.StartsWith(expected, e.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Somebody_elses_folder_is_overwritten_only_by_force()
    {
        var directory = Directory.CreateTempSubdirectory("publishing-").FullName;
        try
        {
            File.WriteAllText(Path.Combine(directory, "theirs.txt"), "work");
            var folder = new OutputFolder();
            folder.Add("ours.txt", "generated");
            var e = Assert.Throws<PublishUsageException>(() => folder.WriteTo(directory, force: false));
            Assert.Contains("--force", e.Message, StringComparison.Ordinal);
            Assert.False(File.Exists(Path.Combine(directory, "ours.txt")));

            folder.WriteTo(directory, force: true);
            Assert.Equal("generated", File.ReadAllText(Path.Combine(directory, "ours.txt")));
            Assert.Equal("work", File.ReadAllText(Path.Combine(directory, "theirs.txt")));
        }
        finally
        {
            Delete(directory);
        }
    }

    [Fact]
    public void Our_own_folder_is_brought_up_to_date_and_filled_in_values_stay()
    {
        var directory = Directory.CreateTempSubdirectory("publishing-").FullName;
        try
        {
            var first = new OutputFolder();
            first.Add("old/gone.txt", "x");
            first.AddValues(".env", "# The password\nPASSWORD=\nIMAGE=app:1\n");
            first.WriteTo(directory, force: false);
            File.WriteAllText(Path.Combine(directory, ".env"), "# The password\nPASSWORD=filled-in\nIMAGE=app:1\n");
            File.WriteAllText(Path.Combine(directory, "note.txt"), "mine");

            var second = new OutputFolder();
            second.Add("new.txt", "y");
            second.AddValues(".env", "# The password\nPASSWORD=\nIMAGE=app:2\n");
            second.WriteTo(directory, force: false);

            Assert.Equal([".env", OutputFolder.Marker, "new.txt", "note.txt"], FilesOf(directory).Keys.Order(StringComparer.Ordinal));
            Assert.Equal("# The password\nPASSWORD=filled-in\nIMAGE=app:2\n", File.ReadAllText(Path.Combine(directory, ".env")));
        }
        finally
        {
            Delete(directory);
        }
    }

    private static Dictionary<string, byte[]> FilesOf(string directory) =>
        Directory.EnumerateFiles(directory, "*", SearchOption.AllDirectories).ToDictionary(f => Path.GetRelativePath(directory, f), File.ReadAllBytes, StringComparer.Ordinal);

    private static void Delete(string directory)
    {
        if (Directory.Exists(directory))
            Directory.Delete(directory, recursive: true);
    }
}
