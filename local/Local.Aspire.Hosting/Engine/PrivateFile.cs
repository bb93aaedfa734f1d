namespace Local.Engine;

/// <summary>A file for this user's eyes, which readers see as it was or as it is, never half of it.</summary>
internal static class PrivateFile
{
    internal static void Write(string path, string content)
    {
        var next = path + ".new";
        File.Delete(next);
        var options = new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.Write,
            UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
        };
        using (var writer = new StreamWriter(next, options))
            writer.Write(content);
        File.Move(next, path, overwrite: true);
    }
}
