namespace Local.Installing;

/// <summary>While this lives, installing a package does not start its service.</summary>
internal sealed class ServicePolicy : IDisposable
{
    private const string Path = "/usr/sbin/policy-rc.d";
    private const UnixFileMode Executable =
        UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute | UnixFileMode.GroupRead | UnixFileMode.GroupExecute
        | UnixFileMode.OtherRead | UnixFileMode.OtherExecute;

    private readonly bool _ours;

    private ServicePolicy(bool ours) => _ours = ours;

    internal static ServicePolicy ForbidStarts()
    {
        if (File.Exists(Path))
            return new ServicePolicy(ours: false);
        // 101: action forbidden by policy.
        File.WriteAllText(Path, "#!/bin/sh\nexit 101\n");
        File.SetUnixFileMode(Path, Executable);
        return new ServicePolicy(ours: true);
    }

    public void Dispose()
    {
        if (_ours)
            File.Delete(Path);
    }
}
