using System.Reflection;
using Local.Processes;

namespace Publishing.Tests;

/// <summary>The files of this repository, and its AppHost.</summary>
internal static class Repository
{
    internal static string Root { get; } = Of("Repository");

    internal static string AppHost { get; } = Of("AppHost");

    internal static string Deploy(params string[] path) => Path.Combine([Root, "deploy", .. path]);

    /// <summary>The program that a project's build left.</summary>
    internal static string AssemblyOf(string project) => Path.Combine(Root, project, "bin", Of("Configuration"), "net10.0", project + ".dll");

    /// <summary>Runs a program to its end; returns its exit code and what it wrote.</summary>
    internal static async Task<(int Code, string Output)> RunAsync(ChildCommand command)
    {
        var lines = new List<string>();
        var code = await ChildProcess.RunAsync(command, line => { lock (lines) lines.Add(line); }, TestContext.Current.CancellationToken);
        return (code, string.Join('\n', lines));
    }

    internal static Task<(int Code, string Output)> AppHostAsync(params string[] arguments) =>
        RunAsync(new ChildCommand(Programs.DotNet, [AppHost, .. arguments]));

    /// <summary>A folder of its own, as deep below the repository as deploy/X: relative paths come out the same.</summary>
    internal static string NewFolder() => Path.Combine(Root, "artifacts", $"publishing-{Guid.CreateVersion7():N}");

    private static string Of(string key) =>
        typeof(Repository).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(a => a.Key == key).Value!;
}
