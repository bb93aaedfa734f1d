namespace Local.Installing;

/// <summary>While this lives, installing a package does not start its service.</summary>
internal sealed class ServicePolicy : IDisposable
{
    internal const string DebiansFile = "/usr/sbin/policy-rc.d";

    private const UnixFileMode Executable =
        UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute | UnixFileMode.GroupRead | UnixFileMode.GroupExecute
        | UnixFileMode.OtherRead | UnixFileMode.OtherExecute;

    private readonly string? _ours;

    private ServicePolicy(string? ours) => _ours = ours;

    internal static ServicePolicy ForbidStarts(string file)
    {
        if (File.Exists(file))
            return new ServicePolicy(ours: null);
        // 101: action forbidden by policy.
        File.WriteAllText(file, "#!/bin/sh\nexit 101\n");
        File.SetUnixFileMode(file, Executable);
        return new ServicePolicy(file);
    }

    public void Dispose()
    {
        if (_ours is not null)
            File.Delete(_ours);
    }
}
