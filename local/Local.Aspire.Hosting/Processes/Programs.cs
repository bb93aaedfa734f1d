using System.Runtime.InteropServices;

namespace Local.Processes;

/// <summary>Where programs are.</summary>
public static class Programs
{
    /// <summary>The dotnet that runs us: services must not start on another one that happens to be on the PATH.</summary>
    public static string DotNet { get; } = Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "../../../dotnet"));

    public static string? OnPath(string program) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':', StringSplitOptions.RemoveEmptyEntries)
            .Concat(["/usr/sbin", "/usr/local/sbin"])
            .Select(directory => Path.Combine(directory, program))
            .FirstOrDefault(IsThere);

    /// <summary>A link that a removed package left behind exists as a file, and leads nowhere.</summary>
    internal static bool IsThere(string program) =>
        File.Exists(program) && File.ResolveLinkTarget(program, returnFinalTarget: true) is not { Exists: false };
}
