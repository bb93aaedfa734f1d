namespace Local.Installing;

/// <summary>Held by the one process of this machine that is installing. The system lets go of it when that process dies.</summary>
internal static class InstallationLock
{
    private static readonly string File = Path.Combine(Path.GetTempPath(), $"concert-installation-{Environment.UserName}.lock");
    private static readonly TimeSpan RetryEvery = TimeSpan.FromMilliseconds(200);

    internal static async Task<IDisposable> TakeAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                return new FileStream(File, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException)
            {
                await Task.Delay(RetryEvery, TimeProvider.System, cancellationToken);
            }
        }
    }
}
