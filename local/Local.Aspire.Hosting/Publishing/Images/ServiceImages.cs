namespace Local.Publishing.Images;

/// <summary>A project's image, as <c>dotnet publish -t:PublishContainer</c> names it.</summary>
internal static class ServiceImages
{
    // The user "app" of Microsoft's images.
    private const int AppUser = 1654;

    internal static ContainerImage Of(string projectPath, PublishSettings settings)
    {
        var assembly = Path.GetFileNameWithoutExtension(projectPath);
        return new ContainerImage($"{settings.Application}/{assembly.ToLowerInvariant().Replace('.', '-')}:{settings.Version}")
        {
            User = AppUser,
            ScratchFolders = ["/tmp"],
        };
    }

    /// <summary>The image has no shell and no curl: the service itself is the client of its health endpoint.</summary>
    internal static string[] HealthCommand(string projectPath, int port, string path) =>
        ["CMD", "dotnet", $"/app/{Path.GetFileNameWithoutExtension(projectPath)}.dll", "--probe", $"http://localhost:{port}{path}"];
}
